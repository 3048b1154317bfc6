using System;

namespace Spindle.Simulation.Network.Checking;

/// <summary>The check cannot be made here.</summary>
public sealed class NetlinkCheckException : Exception
{
    /// <summary>No reason.</summary>
    public NetlinkCheckException()
    {
    }

    /// <summary>With the reason.</summary>
    public NetlinkCheckException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and its cause.</summary>
    public NetlinkCheckException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
