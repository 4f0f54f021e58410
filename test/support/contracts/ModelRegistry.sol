// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A registry with the calls, events and refusals of the one that is live. Says "not the owner" as OpenZeppelin 4 does.
contract ModelRegistry {
    struct Model {
        address token;
        string performanceMetric;
        bool active;
        uint256 registeredAt;
    }

    event ModelRegistered(uint256 indexed modelId, address indexed tokenAddress, string performanceMetric);

    address public owner;
    mapping(uint256 modelId => Model) private _models;
    mapping(uint256 modelId => bool) public isRegistered;
    mapping(address token => uint256) private _modelIds;

    modifier onlyOwner() {
        require(msg.sender == owner, "Ownable: caller is not the owner");
        _;
    }

    constructor(address initialOwner) {
        owner = initialOwner;
    }

    function transferOwnership(address newOwner) external onlyOwner {
        owner = newOwner;
    }

    function registerModel(uint256 modelId, address token, string memory performanceMetric) external onlyOwner {
        require(token != address(0), "Token address cannot be zero");
        require(bytes(performanceMetric).length > 0, "Performance metric cannot be empty");
        require(!isRegistered[modelId], "Model already registered");
        require(_modelIds[token] == 0, "Token already registered");
        _models[modelId] = Model({
            token: token, performanceMetric: performanceMetric, active: true, registeredAt: block.number
        });
        isRegistered[modelId] = true;
        _modelIds[token] = modelId;
        emit ModelRegistered(modelId, token, performanceMetric);
    }

    function getToken(uint256 modelId) external view returns (address) {
        require(isRegistered[modelId], "Model not registered");
        return _models[modelId].token;
    }

    function getModelId(address token) external view returns (uint256) {
        require(_modelIds[token] != 0, "Token not registered");
        return _modelIds[token];
    }
}
