// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import "@openzeppelin/contracts/access/Ownable.sol";
import "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import "@openzeppelin/contracts/token/ERC20/extensions/ERC1363.sol";
import "@openzeppelin/contracts/token/ERC20/extensions/ERC20FlashMint.sol";
import "@openzeppelin/contracts/token/ERC20/extensions/ERC20Pausable.sol";
import "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @notice A token of its own code for each model, as large as the live one is, so that its creation costs as much.
contract ModelToken is ERC20Burnable, ERC20Permit, ERC20Pausable, ERC20FlashMint, ERC1363, Ownable {
    address public immutable controller;
    address public immutable params;
    uint256 public immutable maxSupply;
    uint256 public immutable modelSupplierAllocation;
    uint256 public immutable investorAllocation;
    address public modelSupplierRecipient;
    bool public modelSupplierDistributed;

    constructor(
        string memory name_,
        string memory symbol_,
        address controller_,
        address params_,
        uint256 modelSupplierAllocation_,
        uint256 investorAllocation_,
        address modelSupplierRecipient_
    ) ERC20(name_, symbol_) ERC20Permit(name_) Ownable(controller_) {
        controller = controller_;
        params = params_;
        maxSupply = modelSupplierAllocation_ + investorAllocation_;
        modelSupplierAllocation = modelSupplierAllocation_;
        investorAllocation = investorAllocation_;
        modelSupplierRecipient = modelSupplierRecipient_;
    }

    function mint(address to, uint256 amount) external onlyOwner {
        require(totalSupply() + amount <= maxSupply, "Max supply exceeded");
        _mint(to, amount);
    }

    function distributeModelSupplierAllocation() external onlyOwner {
        require(!modelSupplierDistributed, "Already distributed");
        modelSupplierDistributed = true;
        _mint(modelSupplierRecipient, modelSupplierAllocation);
    }

    function pause(bool paused) external onlyOwner {
        if (paused) _pause();
        else _unpause();
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Pausable) {
        super._update(from, to, value);
    }
}
