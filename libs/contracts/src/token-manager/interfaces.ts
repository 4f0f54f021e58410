import { Interface } from 'ethers';

const PARAMS = `tuple(uint256 tokensPerDeltaOne, uint16 infrastructureAccrualBps, uint256 initialOraclePricePerThousandUsd,
  bytes32 licenseHash, string licenseURI, address governor,
  tuple(bool enabled, uint16 immediateUnlockBps, uint64 vestingDurationSeconds, uint64 cliffSeconds) vestingConfig)`;

/** Custom errors of these contracts and their libraries. ethers knows `Error(string)` and `Panic`. */
const ERRORS = [
  'error OwnableUnauthorizedAccount(address account)',
  'error AccessControlUnauthorizedAccount(address account, bytes32 neededRole)',
  'error ReentrancyGuardReentrantCall()',
  'error ZeroAddress(string context)',
  'error InvalidAmount(string context)',
  'error EmptyString(string context)',
  'error ValueOutOfBounds(uint256 value, uint256 min, uint256 max)',
];

/** Hokusai's TokenManager, limited to what this service uses. */
export const managerInterface = new Interface([
  `function deployTokenWithAllocations(string modelId, string name, string symbol, uint256 modelSupplierAllocation,
    address modelSupplierRecipient, uint256 investorAllocation, ${PARAMS} initialParams) payable returns (address)`,
  'function deploymentFee() view returns (uint256)',
  'function hasToken(string modelId) view returns (bool)',
  'function getTokenAddress(string modelId) view returns (address)',
  'function registry() view returns (address)',
  `event TokenDeployed(string indexed modelId, address indexed tokenAddress, address indexed deployer, string name,
    string symbol, uint256 totalSupply)`,
  ...ERRORS,
]);

/** Hokusai's ModelRegistry, limited to what this service uses. */
export const registryInterface = new Interface([
  'function registerModel(uint256 modelId, address token, string performanceMetric)',
  'function isRegistered(uint256 modelId) view returns (bool)',
  'function getToken(uint256 modelId) view returns (address)',
  'function getModelId(address token) view returns (uint256)',
  'function owner() view returns (address)',
  'event ModelRegistered(uint256 indexed modelId, address indexed tokenAddress, string performanceMetric)',
  ...ERRORS,
]);

/** A token of the TokenManager, limited to what this service uses. */
export const managedTokenInterface = new Interface([
  'function name() view returns (string)',
  'function symbol() view returns (string)',
  'function params() view returns (address)',
  'function modelSupplierAllocation() view returns (uint256)',
  'function modelSupplierRecipient() view returns (address)',
  'function investorAllocation() view returns (uint256)',
]);

/** The parameter contract of such a token, limited to what a deployment sets. */
export const paramsInterface = new Interface([
  'function tokensPerDeltaOne() view returns (uint256)',
  'function infrastructureAccrualBps() view returns (uint16)',
  'function oraclePricePerThousandUsd() view returns (uint256)',
  'function licenseHash() view returns (bytes32)',
  'function licenseURI() view returns (string)',
  'function vestingConfig() view returns (bool enabled, uint16 immediateUnlockBps, uint64 vestingDurationSeconds, uint64 cliffSeconds)',
  'function hasRole(bytes32 role, address account) view returns (bool)',
]);
