// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @notice What the chain keeps about one model for ever.
 * @param modelId Name of the model on the Hokusai ML Platform: UTF-8, 1 to 255 bytes.
 * @param symbol ERC-20 symbol: UTF-8, 1 to 255 bytes.
 * @param metricName Name of the metric that was measured: UTF-8, at most 255 bytes.
 * @param baselineValue The metric before, signed fixed point with 18 decimals.
 * @param currentValue The metric of the approved model, signed fixed point with 18 decimals.
 * @param contributor Who improved the model; zero when nobody is named.
 */
struct Record {
    string modelId;
    string symbol;
    string metricName;
    int256 baselineValue;
    int256 currentValue;
    address contributor;
}

/**
 * @notice A record and the run it comes from. The run appears in the event only: two runs that ask for one record ask
 * for one token.
 * @param mlflowRunId MLflow run of the model; empty when it has none; at most 255 bytes.
 */
struct Deployment {
    string modelId;
    string symbol;
    string metricName;
    int256 baselineValue;
    int256 currentValue;
    address contributor;
    string mlflowRunId;
}

/// @notice What became of one deployment: token created; token was there with the same record; with another record.
enum Status {
    Created,
    Existing,
    Conflict
}

/// @notice The model's token, and what became of the deployment.
struct Outcome {
    address token;
    Status status;
}

/// @title Factory and registry of Hokusai's model tokens: at most one token for each model id
interface IHokusaiTokenFactory {
    /**
     * @notice A token came into being. Emitted once for each model id.
     * @param modelKey keccak256 of the model id.
     */
    event TokenDeployed(
        address indexed token,
        bytes32 indexed modelKey,
        address indexed deployer,
        string modelId,
        string mlflowRunId
    );

    /// @notice A batch left out this model, because its token has another record.
    event ModelConflictSkipped(address indexed token, bytes32 indexed modelKey, string modelId);

    /// @notice The model has a token with another record.
    error ModelConflict(address token);

    /// @notice Model id or symbol is empty.
    error FieldEmpty(string field);

    /// @notice A string has more than 255 bytes.
    error FieldTooLong(string field, uint256 length);

    /// @notice The token could not be created, most likely for want of gas.
    error CreationFailed(string modelId);

    /// @notice The address is not a token of this factory.
    error UnknownToken(address account);

    /// @notice The call fits no function.
    error UnknownFunction();

    /**
     * @notice Creates the model's token, or returns it when it exists with the same record.
     * Reverts with `ModelConflict` when it exists with another.
     */
    function deploy(Deployment calldata deployment) external returns (address token, Status status);

    /**
     * @notice The same for many models. A conflict is reported as `ModelConflictSkipped` and in the outcome, and does
     * not touch the others; an invalid record reverts the whole batch.
     * @return outcomes In the order of the deployments.
     */
    function deployBatch(Deployment[] calldata deployments) external returns (Outcome[] memory outcomes);

    /// @notice The contract whose code every token runs.
    function implementation() external view returns (address);

    /// @notice Address that the model's token has or will have.
    function tokenAddress(string calldata modelId) external view returns (address);

    /// @notice Address of the model's token; zero when there is none.
    function tokenOf(string calldata modelId) external view returns (address);

    /// @notice The token's record. Reverts with `UnknownToken` for any other address.
    function recordOf(address token) external view returns (Record memory);

    /// @notice Whether the account is a token of this factory.
    function isToken(address account) external view returns (bool);
}
