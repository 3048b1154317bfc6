using System.Collections.Generic;

namespace Spindle.Simulation.Objects;

/// <summary>The options of a TCP socket (<c>man 7 tcp</c>). All are kept; <c>TCP_NODELAY</c> alone changes anything.</summary>
internal sealed class TcpOptions
{
    /// <summary>SOL_TCP.</summary>
    public const int Level = 6;

    private const int NoDelay = 1;

    private readonly Dictionary<int, int> values = [];

    /// <summary>True: what is written goes out at once.</summary>
    public bool IsNoDelay => this[NoDelay] != 0;

    /// <summary>An option's value; 0 until it is set.</summary>
    public int this[int option]
    {
        get => values.GetValueOrDefault(option);
        set => values[option] = value;
    }

    /// <summary>TCP_NODELAY, _MAXSEG, _CORK, _KEEPIDLE, _KEEPINTVL, _KEEPCNT, _SYNCNT, _LINGER2, _DEFER_ACCEPT, _QUICKACK and _USER_TIMEOUT.</summary>
    public static bool IsKnown(int option) => option is NoDelay or 2 or 3 or 4 or 5 or 6 or 7 or 8 or 9 or 12 or 18;
}
