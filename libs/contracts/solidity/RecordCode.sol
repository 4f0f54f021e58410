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
 *     byte 0    power of ten that both values were divided by (0 to 31), plus 0x80 when there is a contributor
 *     byte 1    width of the baseline value in bytes (0 to 32)
 *     byte 2    width of the current value in bytes (0 to 32)
 *     byte 3    length of the symbol
 *     byte 4    length of the metric name
 *     then      contributor (20 bytes or none), baseline value, current value, symbol, metric name,
 *               and the model id up to the end of the code
 *
 * A measured value has few digits, such as 0.85 * 10^18: both are divided by the power of ten that they share, which
 * brings eight bytes down to one or two. What remains is big-endian two's complement in the fewest bytes that keep its
 * sign. Every record has exactly one packed form, and two records are equal exactly when their packed forms are.
 */
library RecordCode {
    /// @dev Longest string in bytes: its length must fit the header.
    uint256 internal constant MAX_STRING_BYTES = 255;

    /// @dev Longest packed form: header, contributor, two values of 32 bytes, three strings.
    uint256 internal constant MAX_BYTES = 854;

    uint256 private constant HEADER_BYTES = 5;
    uint256 private constant CONTRIBUTOR_FLAG = 0x80;

    /**
     * @dev Writes the packed record into memory that the caller has reserved: `MAX_BYTES` and one word more, because
     * each value is written as a whole word of which the next field overwrites the rest. The caller has made sure that
     * no string is longer than `MAX_STRING_BYTES`.
     * @return end The first address after the record, whose last part is the model id.
     */
    function write(
        uint256 start,
        Deployment calldata source,
        string calldata modelId,
        string calldata symbol,
        string calldata metricName
    ) internal pure returns (uint256 end) {
        (int256 baseline, int256 current, uint256 flags) = _shorten(source.baselineValue, source.currentValue);
        uint256 baselineWidth = _width(baseline);
        uint256 currentWidth = _width(current);
        address contributor = source.contributor;
        unchecked {
            end = start + HEADER_BYTES;
        }
        if (contributor != address(0)) {
            flags |= CONTRIBUTOR_FLAG;
            assembly ("memory-safe") {
                mstore(end, shl(96, contributor))
                end := add(end, 20)
            }
        }
        assembly ("memory-safe") {
            mstore8(start, flags)
            mstore8(add(start, 1), baselineWidth)
            mstore8(add(start, 2), currentWidth)
            mstore8(add(start, 3), symbol.length)
            mstore8(add(start, 4), metricName.length)
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

    /// @dev Reads what `write` wrote, from `position` to the end of `code`. Only for the code of a token.
    function read(bytes memory code, uint256 position) internal pure returns (Record memory record) {
        uint256 header = position;
        position += HEADER_BYTES;
        uint256 width = _contributorWidth(code, header);
        record.contributor = address(uint160(uint256(_integer(code, position, width))));
        position += width;
        int256 unit = int256(10 ** (uint8(code[header]) & ~CONTRIBUTOR_FLAG));
        width = uint8(code[header + 1]);
        record.baselineValue = _integer(code, position, width) * unit;
        position += width;
        width = uint8(code[header + 2]);
        record.currentValue = _integer(code, position, width) * unit;
        position += width;
        width = uint8(code[header + 3]);
        record.symbol = string(Bytes.slice(code, position, position + width));
        position += width;
        width = uint8(code[header + 4]);
        record.metricName = string(Bytes.slice(code, position, position + width));
        record.modelId = string(Bytes.slice(code, position + width));
    }

    /// @dev Where the model id begins, for code of any origin; the length of the code when it names none.
    function modelIdPosition(bytes memory code, uint256 position) internal pure returns (uint256 start) {
        start = position + HEADER_BYTES;
        if (code.length < start) return code.length;
        start += _contributorWidth(code, position);
        for (uint256 i = 1; i < HEADER_BYTES; ++i) start += uint8(code[position + i]);
        return Math.min(code.length, start);
    }

    function _contributorWidth(bytes memory code, uint256 header) private pure returns (uint256) {
        return uint8(code[header]) & CONTRIBUTOR_FLAG == 0 ? 0 : 20;
    }

    /// @dev Divides both by the largest power of ten, up to 10^31, that leaves no remainder in either.
    function _shorten(int256 a, int256 b) private pure returns (int256, int256, uint256 exponent) {
        unchecked {
            if (a % 1e16 == 0 && b % 1e16 == 0) (a, b, exponent) = (a / 1e16, b / 1e16, 16);
            if (a % 1e8 == 0 && b % 1e8 == 0) (a, b, exponent) = (a / 1e8, b / 1e8, exponent + 8);
            if (a % 1e4 == 0 && b % 1e4 == 0) (a, b, exponent) = (a / 1e4, b / 1e4, exponent + 4);
            if (a % 1e2 == 0 && b % 1e2 == 0) (a, b, exponent) = (a / 1e2, b / 1e2, exponent + 2);
            if (a % 10 == 0 && b % 10 == 0) (a, b, exponent) = (a / 10, b / 10, exponent + 1);
        }
        return (a, b, exponent);
    }

    /// @dev The fewest bytes that hold `value` with its sign: none for zero, one for -128 to 127.
    function _width(int256 value) private pure returns (uint256) {
        if (value == 0) return 0;
        // ~value is the magnitude of a negative value less one; the bit more is for the sign.
        unchecked {
            return Math.log256(uint256(value < 0 ? ~value : value) << 1) + 1;
        }
    }

    function _integer(bytes memory code, uint256 position, uint256 width) private pure returns (int256 value) {
        if (width == 0) return 0;
        assembly ("memory-safe") {
            value := sar(sub(256, shl(3, width)), mload(add(add(code, 0x20), position)))
        }
    }
}
