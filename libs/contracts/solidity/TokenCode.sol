// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title How a token comes into being
 *
 * A token's code is an ERC-1167 proxy followed by the packed record. A CREATE2 address depends on the init code, so the
 * record must not be in it. The init code is therefore the same for every token of a factory: it asks its creator for
 * the record (STATICCALL with empty calldata), puts the proxy before the answer and returns both as the token's code.
 * The creator keeps the answer in transient storage (EIP-1153) for the length of the creation.
 *
 * The scratch memory holds, without gaps, a loader (31 bytes), the proxy (45 bytes) and the record: the first two are
 * the init code, the last two the token's code.
 */
library TokenCode {
    /// @dev Length of the ERC-1167 proxy: the record begins here in a token's code.
    uint256 internal constant PROXY_BYTES = 45;

    /// @dev Length of the init code: the record begins here in the scratch memory.
    uint256 internal constant INIT_CODE_BYTES = 76;

    uint256 private constant LOADER_BYTES = 31;

    /*
     * The loader, and the first byte of the proxy:
     *   5f5f5f5f335afa    staticcall(gas, caller, 0, 0, 0, 0)
     *   600d575f5ffd5b    revert when it failed: a token without its record must not come into being
     *   602d601f5f39      codecopy(0, LOADER_BYTES, PROXY_BYTES)
     *   3d5f602d3e        returndatacopy(PROXY_BYTES, 0, returndatasize)
     *   602d3d015ff3      return(0, returndatasize + PROXY_BYTES)
     */
    bytes32 private constant WORD_0 = 0x5f5f5f5f335afa600d575f5ffd5b602d601f5f393d5f602d3e602d3d015ff336;
    /// @dev The proxy goes on around the implementation's address, which takes the place of the 20 zero bytes.
    bytes32 private constant WORD_1 = 0x3d3d373d3d3d363d7300000000000000000000000000000000000000005af43d;
    bytes32 private constant WORD_2 = 0x82803e903d91602b57fd5bf30000000000000000000000000000000000000000;

    /// @dev Reserves scratch memory for records of up to `recordBytes` and writes the init code into it.
    function reserve(address implementation, uint256 recordBytes) internal pure returns (uint256 scratch) {
        assembly ("memory-safe") {
            scratch := mload(0x40)
            mstore(0x40, add(scratch, and(add(add(INIT_CODE_BYTES, recordBytes), 0x5f), not(0x1f))))
            mstore(scratch, WORD_0)
            mstore(add(scratch, 0x20), or(WORD_1, shl(24, implementation)))
            mstore(add(scratch, 0x40), WORD_2)
        }
    }

    /// @dev Where the record belongs in the scratch memory.
    function recordStart(uint256 scratch) internal pure returns (uint256) {
        unchecked {
            return scratch + INIT_CODE_BYTES;
        }
    }

    /// @dev Hash of the init code, which together with factory and salt makes a token's address.
    function initCodeHash(uint256 scratch) internal pure returns (bytes32) {
        return hashBefore(scratch + INIT_CODE_BYTES, INIT_CODE_BYTES);
    }

    /// @dev Hash of the code that a token with the record in the scratch memory has.
    function tokenCodeHash(uint256 scratch, uint256 end) internal pure returns (bytes32) {
        return hashBefore(end, end - scratch - LOADER_BYTES);
    }

    /// @dev Hash of the last `length` bytes of memory before `end`.
    function hashBefore(uint256 end, uint256 length) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            result := keccak256(sub(end, length), length)
        }
    }

    /**
     * @dev Creates the token whose record is in the scratch memory. Zero when the creation failed.
     *
     * Transient word 0 is the record's length (2 bytes) and its first 30 bytes, the following words are the rest. They
     * are not cleared: each creation overwrites all that `answer` will read.
     */
    function create(uint256 scratch, uint256 end, bytes32 salt) internal returns (address token) {
        assembly ("memory-safe") {
            let start := add(scratch, INIT_CODE_BYTES)
            tstore(0, or(shl(240, sub(end, start)), shr(16, mload(start))))
            let word := 1
            for { let position := add(start, 30) } lt(position, end) { position := add(position, 0x20) } {
                tstore(word, mload(position))
                word := add(word, 1)
            }
            token := create2(0, scratch, INIT_CODE_BYTES, salt)
        }
    }

    /// @dev Ends the call and returns the record of the token in creation.
    function answer() internal view {
        // Not declared memory-safe: it writes from address 0, which is harmless because nothing runs after it.
        assembly {
            let first := tload(0)
            let length := shr(240, first)
            mstore(0, shl(16, first))
            let word := 1
            for { let position := 30 } lt(position, length) { position := add(position, 0x20) } {
                mstore(position, tload(word))
                word := add(word, 1)
            }
            return(0, length)
        }
    }
}
