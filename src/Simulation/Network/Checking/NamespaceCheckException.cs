using System;

namespace Spindle.Simulation.Network.Checking;

/// <summary>The check cannot be made here.</summary>
public sealed class NamespaceCheckException : Exception
{
    /// <summary>No reason.</summary>
    public NamespaceCheckException()
    {
    }

    /// <summary>With the reason.</summary>
    public NamespaceCheckException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and its cause.</summary>
    public NamespaceCheckException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
