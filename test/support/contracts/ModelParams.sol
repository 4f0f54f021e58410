// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";

struct VestingConfig {
    bool enabled;
    uint16 immediateUnlockBps;
    uint64 vestingDurationSeconds;
    uint64 cliffSeconds;
}

struct InitialParams {
    uint256 tokensPerDeltaOne;
    uint16 infrastructureAccrualBps;
    uint256 initialOraclePricePerThousandUsd;
    bytes32 licenseHash;
    string licenseURI;
    address governor;
    VestingConfig vestingConfig;
}

/// @notice The parameters of one token. Only what a deployment touches, under rules of the kind that the live one has.
contract ModelParams is AccessControlDefaultAdminRules {
    bytes32 public constant GOV_ROLE = keccak256("GOV_ROLE");

    uint256 public tokensPerDeltaOne;
    uint256 public oraclePricePerThousandUsd;
    uint16 public infrastructureAccrualBps;
    bytes32 public licenseHash;
    string public licenseURI;
    VestingConfig public vestingConfig;

    constructor(InitialParams memory initial, address admin) AccessControlDefaultAdminRules(2 days, admin) {
        _setTokensPerDeltaOne(initial.tokensPerDeltaOne);
        _setInfrastructureAccrualBps(initial.infrastructureAccrualBps);
        _setInitialVesting(initial.vestingConfig);
        require(initial.initialOraclePricePerThousandUsd <= 1_000_000_000_000, "oraclePricePerThousandUsd exceeds maximum");
        oraclePricePerThousandUsd = initial.initialOraclePricePerThousandUsd;
        licenseHash = initial.licenseHash;
        licenseURI = initial.licenseURI;
        _grantRole(GOV_ROLE, initial.governor);
    }

    function setTokensPerDeltaOne(uint256 value) external onlyRole(GOV_ROLE) {
        _setTokensPerDeltaOne(value);
    }

    function setInfrastructureAccrualBps(uint16 value) external onlyRole(GOV_ROLE) {
        _setInfrastructureAccrualBps(value);
    }

    function setVesting(VestingConfig calldata value) external onlyRole(GOV_ROLE) {
        _setVesting(value);
    }

    function setLicense(bytes32 hash, string calldata uri) external onlyRole(GOV_ROLE) {
        licenseHash = hash;
        licenseURI = uri;
    }

    /// @dev A small value counts whole tokens.
    function _setTokensPerDeltaOne(uint256 value) private {
        if (value <= 10_000_000) value *= 1 ether;
        require(
            value >= 100 ether && value <= 10_000_000 ether,
            "tokensPerDeltaOne must be between 100 and 10000000 whole tokens (wei-scaled)"
        );
        tokensPerDeltaOne = value;
    }

    function _setInfrastructureAccrualBps(uint16 value) private {
        require(value >= 1000 && value <= 10000, "infrastructureAccrualBps must be between 1000 and 10000");
        infrastructureAccrualBps = value;
    }

    /// @dev All zero means "use the defaults", and these vest.
    function _setInitialVesting(VestingConfig memory value) private {
        bool isUnset = !value.enabled && value.immediateUnlockBps == 0 && value.vestingDurationSeconds == 0
            && value.cliffSeconds == 0;
        _setVesting(isUnset ? VestingConfig(true, 1000, 365 days, 0) : value);
    }

    function _setVesting(VestingConfig memory value) private {
        require(value.immediateUnlockBps <= 10000, "immediateUnlockBps above 10000");
        require(
            value.enabled
                ? value.vestingDurationSeconds > 0 && value.cliffSeconds <= value.vestingDurationSeconds
                : value.vestingDurationSeconds == 0 && value.cliffSeconds == 0,
            "vesting times"
        );
        vestingConfig = value;
    }
}
