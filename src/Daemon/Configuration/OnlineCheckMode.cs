namespace Spindle.Daemon.Configuration;

/// <summary><c>OnlineCheckMode</c>: when the first service's way to the world is tried.</summary>
public enum OnlineCheckMode
{
    /// <summary>Never.</summary>
    None,

    /// <summary>Until it was found to work.</summary>
    OneShot,

    /// <summary>For as long as the service is the first.</summary>
    Continuous,
}

/// <summary><c>OnlineCheckIntervalStyle</c>: how the time between two checks grows with the interval's number.</summary>
public enum OnlineCheckIntervalStyle
{
    /// <summary>The number squared, in seconds.</summary>
    Geometric,

    /// <summary>The Fibonacci number of that number, in seconds.</summary>
    Fibonacci,
}
