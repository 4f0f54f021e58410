// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import "./ModelParams.sol";
import "./ModelRegistry.sol";
import "./ModelToken.sol";

/// @notice Creates what a manager would be too large for.
contract TokenDeploymentFactory {
    function deploy(
        string calldata name,
        string calldata symbol,
        uint256 modelSupplierAllocation,
        address modelSupplierRecipient,
        uint256 investorAllocation,
        InitialParams calldata initialParams
    ) external returns (address token, address params) {
        params = address(new ModelParams(initialParams, msg.sender));
        token = address(
            new ModelToken(
                name, symbol, msg.sender, params, modelSupplierAllocation, investorAllocation, modelSupplierRecipient
            )
        );
    }
}

/// @notice A manager with the calls, events and refusals of the one that is live.
contract TokenManager {
    error EmptyString(string context);
    error ZeroAddress(string context);
    error InvalidAmount(string context);

    event TokenDeployed(
        string indexed modelId,
        address indexed tokenAddress,
        address indexed deployer,
        string name,
        string symbol,
        uint256 totalSupply
    );
    event ParamsDeployed(string indexed modelId, address indexed paramsAddress, address indexed deployer);

    ModelRegistry public immutable registry;
    TokenDeploymentFactory public immutable tokenDeploymentFactory;
    address public immutable owner;
    uint256 public deploymentFee;
    mapping(string modelId => address) private _tokens;
    mapping(address token => string) private _modelIds;
    mapping(string modelId => address) private _params;

    constructor(ModelRegistry registry_, TokenDeploymentFactory factory) {
        registry = registry_;
        tokenDeploymentFactory = factory;
        owner = msg.sender;
    }

    function setDeploymentFee(uint256 fee) external {
        require(msg.sender == owner, "Ownable: caller is not the owner");
        deploymentFee = fee;
    }

    function deployTokenWithAllocations(
        string calldata modelId,
        string calldata name,
        string calldata symbol,
        uint256 modelSupplierAllocation,
        address modelSupplierRecipient,
        uint256 investorAllocation,
        InitialParams calldata initialParams
    ) external payable returns (address token) {
        if (bytes(modelId).length == 0) revert EmptyString("model ID");
        if (bytes(symbol).length == 0) revert EmptyString("token symbol");
        if (modelSupplierAllocation == 0) revert InvalidAmount("model supplier allocation");
        if (modelSupplierRecipient == address(0)) revert ZeroAddress("model supplier recipient");
        if (investorAllocation == 0) revert InvalidAmount("investor allocation");
        if (initialParams.governor == address(0)) revert ZeroAddress("governor");
        require(_tokens[modelId] == address(0), "Token already deployed for this model");
        require(msg.value >= deploymentFee, "Insufficient deployment fee");
        address params;
        (token, params) = tokenDeploymentFactory.deploy(
            name, symbol, modelSupplierAllocation, modelSupplierRecipient, investorAllocation, initialParams
        );
        _tokens[modelId] = token;
        _modelIds[token] = modelId;
        _params[modelId] = params;
        emit ParamsDeployed(modelId, params, msg.sender);
        emit TokenDeployed(modelId, token, msg.sender, name, symbol, modelSupplierAllocation + investorAllocation);
        _refund(msg.value - deploymentFee);
    }

    function hasToken(string calldata modelId) external view returns (bool) {
        return _tokens[modelId] != address(0);
    }

    function getTokenAddress(string calldata modelId) external view returns (address) {
        return _tokens[modelId];
    }

    function _refund(uint256 excess) private {
        if (excess == 0) return;
        (bool refunded,) = msg.sender.call{value: excess}("");
        require(refunded, "Failed to refund excess payment");
    }
}
