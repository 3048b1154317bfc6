namespace Spindle.Simulation.Objects;

/// <summary>States of a <see cref="TcpSocket"/>, as far as poll tells them apart.</summary>
internal enum TcpState
{
    /// <summary>Not connected yet, or no more.</summary>
    Closed,

    /// <summary>Waits for connections.</summary>
    Listen,

    /// <summary>Has asked for one.</summary>
    SynSent,

    /// <summary>Connected; which directions have ended is told by the shutdown.</summary>
    Established,
}
