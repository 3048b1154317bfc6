using System;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Checking;

/// <summary>A kernel with what a sequence needs, the model or the running one: the same code for both, only letting time pass differs.</summary>
internal interface ICheckSide<TSelf> : IDisposable
    where TSelf : ICheckSide<TSelf>
{
    /// <summary>How much time has passed shows: the model's time follows that of the running kernel.</summary>
    static virtual bool ShowsTime => false;

    /// <summary>What came of a step, with what has no order of its own in one.</summary>
    static virtual string Ordered(string outcome) => outcome;

    /// <summary>Sets it up in the network namespace of the calling thread.</summary>
    /// <param name="kernel">Which kernel.</param>
    /// <param name="pass">Lets time pass on it.</param>
    /// <exception cref="NamespaceCheckException">It cannot be set up.</exception>
    static abstract TSelf Open(Kernel kernel, Action<TimeSpan> pass);

    /// <summary>What has happened since it was last asked.</summary>
    string Happened();

    /// <summary>The same once more, where it may come late; empty where it does not.</summary>
    string Late() => "";
}
