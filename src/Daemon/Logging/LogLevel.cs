namespace Spindle.Daemon.Logging;

/// <summary>How much a message matters; the numbers are syslog's (RFC 5424, section 6.2.1).</summary>
public enum LogLevel
{
    /// <summary>Something that was wanted did not happen.</summary>
    Error = 3,

    /// <summary>Something is not as it should be.</summary>
    Warning = 4,

    /// <summary>What happened.</summary>
    Information = 6,

    /// <summary>For who looks for a mistake; off without <c>-d</c>.</summary>
    Debug = 7,
}
