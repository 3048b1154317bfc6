namespace Spindle.Daemon.Configuration;

/// <summary>When a key of main.conf takes effect.</summary>
public enum MainKeyEffect
{
    /// <summary>At once, when SIGHUP re-reads the file.</summary>
    Live,

    /// <summary>At the next start.</summary>
    Restart,

    /// <summary>Not at all: what it is about is not here yet.</summary>
    NotYet,
}
