namespace Spindle.Protocols.Rtnetlink;

/// <summary>How well the mirror knows the kernel.</summary>
public enum RtnetlinkState
{
    /// <summary>Not begun.</summary>
    Stopped,

    /// <summary>The tables are read for the first time.</summary>
    Starting,

    /// <summary>Every change is known as it comes.</summary>
    InStep,

    /// <summary>Changes were lost; what is left in the notification socket is read before anything is dumped.</summary>
    Draining,

    /// <summary>Changes were lost; the tables are being read again.</summary>
    Resynchronizing,
}
