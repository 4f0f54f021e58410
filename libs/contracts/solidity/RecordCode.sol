// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Deployment, Record} from "./IHokusaiTokenFactory.sol";

/**
 * @title The packed form of a record, as it stands behind the proxy in a token's code
 *
 * One byte of code costs 200 gas, so nothing is padded:
 *
 *     byte 0    width of the baseline value in bytes (0 to 32), plus 0x80 when there is a contributor
 *     byte 1    width of the current value in bytes (0 to 32)
 *     byte 2    length of the symbol
 *     byte 3    length of the metric name
 *     then      contributor (20 bytes or none), baseline value, current value, symbol, metric name,
 *               and the model id up to the end of the code
 *
 * A value is big-endian two's complement in the fewest bytes that keep its sign. Every record therefore has exactly one
 * packed form, and two records are equal exactly when their packed forms are.
 */
library RecordCode {
    /// @dev Longest string in bytes: its length must fit the header.
    uint256 internal constant MAX_STRING_BYTES = 255;

    /// @dev Upper bound of the packed form.
    uint256 internal constant MAX_BYTES = HEADER_BYTES + 20 + 32 + 32 + 3 * MAX_STRING_BYTES;

    uint256 private constant HEADER_BYTES = 4;
    uint256 private constant CONTRIBUTOR_FLAG = 0x80;

    /**
     * @dev Writes the packed record into memory that the caller has reserved: `MAX_BYTES` and one word more, because
     * each value is written as a whole word of which the next field overwrites the rest. Strings longer than
     * `MAX_STRING_BYTES` must have been refused before.
     * @return end The first address after the record.
     */
    function write(uint256 start, Deployment calldata source) internal pure returns (uint256 end) {
        string calldata modelId = source.modelId;
        string calldata symbol = source.symbol;
        string calldata metricName = source.metricName;
        address contributor = source.contributor;
        int256 baseline = source.baselineValue;
        int256 current = source.currentValue;
        uint256 baselineWidth = _width(baseline);
        uint256 currentWidth = _width(current);
        assembly ("memory-safe") {
            let flag := shl(7, iszero(iszero(contributor)))
            let header := or(shl(8, or(flag, baselineWidth)), currentWidth)
            header := or(shl(16, header), or(shl(8, symbol.length), metricName.length))
            mstore(start, shl(224, header))
            end := add(start, HEADER_BYTES)
            mstore(end, shl(96, contributor))
            end := add(end, mul(20, shr(7, flag)))
            mstore(end, shl(sub(256, shl(3, baselineWidth)), baseline))
            end := add(end, baselineWidth)
            mstore(end, shl(sub(256, shl(3, currentWidth)), current))
            end := add(end, currentWidth)
            calldatacopy(end, symbol.offset, symbol.length)
            end := add(end, symbol.length)
            calldatacopy(end, metricName.offset, metricName.length)
            end := add(end, metricName.length)
            calldatacopy(end, modelId.offset, modelId.length)
            end := add(end, modelId.length)
        }
    }

    /// @dev Reads what `write` wrote, from `position` to the end of `code`. Reverts when `code` is too short.
    function read(bytes memory code, uint256 position) internal pure returns (Record memory record) {
        uint256 header = position;
        position += HEADER_BYTES;
        uint256 contributorBytes = _contributorBytes(code, header);
        record.contributor = address(uint160(uint256(_integer(code, position, contributorBytes))));
        position += contributorBytes;
        uint256 width = uint8(code[header]) & ~CONTRIBUTOR_FLAG;
        record.baselineValue = _integer(code, position, width);
        position += width;
        width = uint8(code[header + 1]);
        record.currentValue = _integer(code, position, width);
        position += width;
        width = uint8(code[header + 2]);
        record.symbol = string(Bytes.slice(code, position, position + width));
        position += width;
        width = uint8(code[header + 3]);
        record.metricName = string(Bytes.slice(code, position, position + width));
        record.modelId = string(Bytes.slice(code, position + width));
    }

    /// @dev Where the model id begins, for code of any origin; the length of the code when it names none.
    function modelIdPosition(bytes memory code, uint256 position) internal pure returns (uint256) {
        if (code.length < position + HEADER_BYTES) return code.length;
        uint256 valueBytes = (uint8(code[position]) & ~CONTRIBUTOR_FLAG) + uint8(code[position + 1]);
        uint256 stringBytes = uint256(uint8(code[position + 2])) + uint8(code[position + 3]);
        return Math.min(code.length, position + HEADER_BYTES + _contributorBytes(code, position) + valueBytes + stringBytes);
    }

    function _contributorBytes(bytes memory code, uint256 header) private pure returns (uint256) {
        return uint8(code[header]) & CONTRIBUTOR_FLAG == 0 ? 0 : 20;
    }

    /// @dev The fewest bytes that hold `value` with its sign: none for zero, one for -128 to 127.
    function _width(int256 value) private pure returns (uint256) {
        if (value == 0) return 0;
        // One bit more than the magnitude, rounded up to bytes; ~value is the magnitude of a negative value less one.
        return (Math.log2(uint256(value < 0 ? ~value : value)) + 9) >> 3;
    }

    function _integer(bytes memory code, uint256 position, uint256 width) private pure returns (int256 value) {
        if (width == 0) return 0;
        assembly ("memory-safe") {
            value := sar(sub(256, shl(3, width)), mload(add(add(code, 0x20), position)))
        }
    }
}
