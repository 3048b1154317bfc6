namespace Spindle.Kernels.Tests;

/// <summary>Tests that no other test may run beside.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
