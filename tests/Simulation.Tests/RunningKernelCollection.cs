namespace Spindle.Simulation;

/// <summary>Tests that use the running kernel much, one after the other: two cores have enough to do with one of them.</summary>
[CollectionDefinition("running kernel")]
public sealed class RunningKernelCollection;
