// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Does what another contract does, but for one function.
contract AlteredContract {
    address private immutable _original;
    bytes4 private immutable _selector;
    bool private immutable _reverts;
    bytes private _answer;

    /// @param selector of the function that answers otherwise
    /// @param reverts whether it reverts with the answer or returns it
    constructor(address original, bytes4 selector, bool reverts, bytes memory answer) {
        _original = original;
        _selector = selector;
        _reverts = reverts;
        _answer = answer;
    }

    fallback(bytes calldata input) external returns (bytes memory) {
        (bool success, bytes memory output) = msg.sig == _selector ? (!_reverts, _answer) : _original.call(input);
        if (success) return output;
        assembly ("memory-safe") {
            revert(add(output, 32), mload(output))
        }
    }
}
