namespace Spindle.Kernels;

/// <summary>One instruction of a classic BPF program (<c>struct sock_filter</c>).</summary>
/// <param name="Code">What to do.</param>
/// <param name="JumpTrue">Instructions to skip if true.</param>
/// <param name="JumpFalse">Instructions to skip if false.</param>
/// <param name="Operand">The constant.</param>
public readonly record struct BpfInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand);
