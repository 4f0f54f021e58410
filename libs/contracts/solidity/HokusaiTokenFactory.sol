// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {HokusaiToken} from "./HokusaiToken.sol";
import {Deployment, IHokusaiTokenFactory, Outcome, Record, Status} from "./IHokusaiTokenFactory.sol";
import {RecordCode} from "./RecordCode.sol";
import {TokenCode} from "./TokenCode.sol";

/**
 * @title Factory and registry of Hokusai's model tokens
 * @notice A token's address is a function of this factory and the model id alone, so the EVM itself refuses a second
 * token for a model, and code at that address is the registry: no storage is written. The record is part of the token's
 * code and cannot change.
 */
contract HokusaiTokenFactory is AccessControl, IHokusaiTokenFactory {
    /// @notice May deploy tokens.
    bytes32 public constant DEPLOYER_ROLE = keccak256("DEPLOYER_ROLE");

    /// @notice May mint, on every token of this factory.
    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");

    /// @inheritdoc IHokusaiTokenFactory
    address public immutable implementation;

    bytes32 private immutable _initCodeHash;

    uint256 private constant MAX = RecordCode.MAX_STRING_BYTES;

    /// @dev EXTCODEHASH of an account without code that exists because somebody sent it ether (EIP-1052).
    bytes32 private constant NO_CODE = keccak256("");

    /// @param admin Grants and revokes every role.
    constructor(address admin) {
        implementation = address(new HokusaiToken());
        _initCodeHash = TokenCode.initCodeHash(TokenCode.reserve(implementation, 0));
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @dev Answers the init code of the token in creation. Harmless at any other time: it only reads.
    fallback() external {
        if (msg.data.length != 0) revert UnknownFunction();
        TokenCode.answer();
    }

    /// @inheritdoc IHokusaiTokenFactory
    function deploy(
        Deployment calldata deployment
    ) external onlyRole(DEPLOYER_ROLE) returns (address token, Status status) {
        (token, status) = _deploy(deployment, TokenCode.reserve(implementation, RecordCode.MAX_BYTES));
        if (status == Status.Conflict) revert ModelConflict(token);
    }

    /// @inheritdoc IHokusaiTokenFactory
    function deployBatch(
        Deployment[] calldata deployments
    ) external onlyRole(DEPLOYER_ROLE) returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](deployments.length);
        uint256 scratch = TokenCode.reserve(implementation, RecordCode.MAX_BYTES);
        for (uint256 i = 0; i < deployments.length; ++i) {
            (address token, Status status) = _deploy(deployments[i], scratch);
            if (status == Status.Conflict) {
                string calldata modelId = deployments[i].modelId;
                emit ModelConflictSkipped(token, keccak256(bytes(modelId)), modelId);
            }
            outcomes[i].token = token;
            outcomes[i].status = status;
        }
    }

    /// @inheritdoc IHokusaiTokenFactory
    function tokenOf(string calldata modelId) external view returns (address) {
        address token = tokenAddress(modelId);
        return token.code.length == 0 ? address(0) : token;
    }

    /// @inheritdoc IHokusaiTokenFactory
    function recordOf(address token) external view returns (Record memory) {
        if (!isToken(token)) revert UnknownToken(token);
        return RecordCode.read(token.code, TokenCode.PROXY_BYTES);
    }

    /// @inheritdoc IHokusaiTokenFactory
    function tokenAddress(string calldata modelId) public view returns (address) {
        return Create2.computeAddress(keccak256(bytes(modelId)), _initCodeHash);
    }

    /// @inheritdoc IHokusaiTokenFactory
    function isToken(address account) public view returns (bool) {
        // Only the factory can put code at an address that belongs to a model id: the rest of the code needs no look.
        bytes memory code = account.code;
        uint256 start = RecordCode.modelIdPosition(code, TokenCode.PROXY_BYTES);
        if (start == code.length) return false;
        return Create2.computeAddress(keccak256(Bytes.slice(code, start)), _initCodeHash) == account;
    }

    /**
     * @dev Existence is asked before CREATE2, because a collision would burn 63/64 of the gas.
     * @param scratch Memory from `TokenCode.reserve`; may be used again afterwards.
     */
    function _deploy(Deployment calldata deployment, uint256 scratch) private returns (address token, Status status) {
        string calldata modelId = deployment.modelId;
        string calldata mlflowRunId = deployment.mlflowRunId;
        uint256 end;
        {
            string calldata symbol = deployment.symbol;
            string calldata metricName = deployment.metricName;
            _validate(modelId, symbol, metricName, mlflowRunId);
            end = RecordCode.write(TokenCode.recordStart(scratch), deployment, modelId, symbol, metricName);
        }
        bytes32 modelKey = TokenCode.hashBefore(end, bytes(modelId).length);
        token = Create2.computeAddress(modelKey, _initCodeHash);
        bytes32 codeHash = token.codehash;
        if (codeHash == bytes32(0) || codeHash == NO_CODE) {
            // Reverting, rather than going on, keeps gas estimates right: they search the least gas without revert.
            if (TokenCode.create(scratch, end, modelKey) == address(0)) revert CreationFailed(modelId);
            emit TokenDeployed(token, modelKey, msg.sender, modelId, mlflowRunId);
            return (token, Status.Created);
        }
        return (token, codeHash == TokenCode.tokenCodeHash(scratch, end) ? Status.Existing : Status.Conflict);
    }

    function _validate(
        string calldata modelId,
        string calldata symbol,
        string calldata metricName,
        string calldata mlflowRunId
    ) private pure {
        if (bytes(modelId).length == 0) revert FieldEmpty("modelId");
        if (bytes(symbol).length == 0) revert FieldEmpty("symbol");
        if (bytes(modelId).length > MAX) revert FieldTooLong("modelId", bytes(modelId).length);
        if (bytes(symbol).length > MAX) revert FieldTooLong("symbol", bytes(symbol).length);
        if (bytes(metricName).length > MAX) revert FieldTooLong("metricName", bytes(metricName).length);
        if (bytes(mlflowRunId).length > MAX) revert FieldTooLong("mlflowRunId", bytes(mlflowRunId).length);
    }
}
