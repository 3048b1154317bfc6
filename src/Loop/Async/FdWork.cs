namespace Spindle.Loop.Async;

/// <summary>What an awaited descriptor is to do once it is ready.</summary>
internal enum FdWork : byte
{
    /// <summary>Nothing: readiness itself is awaited.</summary>
    Wait,

    /// <summary>Reads once.</summary>
    Read,

    /// <summary>Takes a connection.</summary>
    Accept,

    /// <summary>Writes once.</summary>
    Write,

    /// <summary>Writes to the last octet.</summary>
    WriteAll,

    /// <summary>Fetches how a connect ended.</summary>
    Connect,
}
