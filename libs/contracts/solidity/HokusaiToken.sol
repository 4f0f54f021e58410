// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {
    ERC20BurnableUpgradeable
} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20BurnableUpgradeable.sol";
import {
    ERC20PermitUpgradeable
} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {Record} from "./IHokusaiTokenFactory.sol";
import {RecordCode} from "./RecordCode.sol";
import {TokenCode} from "./TokenCode.sol";

/**
 * @title The code of every Hokusai model token: ERC-20 with permit (ERC-2612) and burn
 * @notice Tokens are minimal proxies to one instance of this contract, which the factory deploys. What tells them apart
 * is read from each token's own code. There is no initializer and no state to set up: nobody can call one first.
 */
contract HokusaiToken is ERC20PermitUpgradeable, ERC20BurnableUpgradeable {
    /// @notice The factory whose roles govern this token.
    address public immutable factory;

    address private immutable _implementation;

    bytes32 private constant MINTER_ROLE = keccak256("MINTER_ROLE");

    /// @notice The implementation stands for no model: only its proxies are tokens.
    error NotAToken();

    /// @dev The deployer is the factory.
    constructor() {
        factory = msg.sender;
        _implementation = address(this);
    }

    /// @notice Creates `amount` base units for `to`. Only for holders of the factory's `MINTER_ROLE`.
    function mint(address to, uint256 amount) external {
        if (address(this) == _implementation) revert NotAToken();
        if (!IAccessControl(factory).hasRole(MINTER_ROLE, msg.sender)) {
            revert IAccessControl.AccessControlUnauthorizedAccount(msg.sender, MINTER_ROLE);
        }
        _mint(to, amount);
    }

    /// @notice Name of the model on the Hokusai ML Platform.
    function modelId() external view returns (string memory) {
        return _record().modelId;
    }

    /// @notice Name of the metric that was measured.
    function metricName() external view returns (string memory) {
        return _record().metricName;
    }

    /// @notice The metric before, signed fixed point with 18 decimals.
    function baselineValue() external view returns (int256) {
        return _record().baselineValue;
    }

    /// @notice The metric of the approved model, signed fixed point with 18 decimals.
    function currentValue() external view returns (int256) {
        return _record().currentValue;
    }

    /// @notice Who improved the model; zero when nobody is named.
    function contributor() external view returns (address) {
        return _record().contributor;
    }

    /// @notice `Hokusai <symbol>`.
    function name() public view override returns (string memory) {
        return string.concat("Hokusai ", symbol());
    }

    /// @notice The symbol as the platform gave it.
    function symbol() public view override returns (string memory) {
        return _record().symbol;
    }

    /// @dev Signatures name the token; the library would read a name from storage, where there is none.
    function _EIP712Name() internal view override returns (string memory) {
        return name();
    }

    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }

    function _record() private view returns (Record memory) {
        if (address(this) == _implementation) revert NotAToken();
        return RecordCode.read(address(this).code, TokenCode.PROXY_BYTES);
    }
}
