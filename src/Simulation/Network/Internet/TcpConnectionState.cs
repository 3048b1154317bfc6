namespace Spindle.Simulation.Network.Internet;

/// <summary>States of a connection (RFC 9293, section 3.3.2).</summary>
internal enum TcpConnectionState
{
    Closed,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
}
