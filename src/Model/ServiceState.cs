namespace Spindle.Model;

/// <summary>What a service, or one of its two families, is doing; the names are ConnMan's.</summary>
public enum ServiceState
{
    /// <summary>Not in use.</summary>
    Idle,

    /// <summary>The last attempt failed; waits for the user.</summary>
    Failure,

    /// <summary>Associating with an access point or the like.</summary>
    Association,

    /// <summary>Asking for an address.</summary>
    Configuration,

    /// <summary>Has an address.</summary>
    Ready,

    /// <summary>Reaches the Internet.</summary>
    Online,

    /// <summary>Being taken down.</summary>
    Disconnect,
}

/// <summary>Rules about states.</summary>
public static class ServiceStates
{
    /// <summary>True for ready and online.</summary>
    public static bool IsConnected(this ServiceState state) => state is ServiceState.Ready or ServiceState.Online;

    /// <summary>True for association and configuration.</summary>
    public static bool IsConnecting(this ServiceState state) =>
        state is ServiceState.Association or ServiceState.Configuration;

    /// <summary>The state of the whole from those of its two families.</summary>
    /// <remarks>Equal: it. Idle yields to the other. Otherwise online, ready, configuration, association, disconnect, failure.</remarks>
    public static ServiceState Combine(ServiceState v4, ServiceState v6)
    {
        if (v4 == v6 || v6 == ServiceState.Idle)
        {
            return v4;
        }

        return v4 == ServiceState.Idle || Precedence(v6) > Precedence(v4) ? v6 : v4;
    }

    /// <summary>The word on the bus.</summary>
    public static string ToWord(this ServiceState state) => state switch
    {
        ServiceState.Idle => "idle",
        ServiceState.Failure => "failure",
        ServiceState.Association => "association",
        ServiceState.Configuration => "configuration",
        ServiceState.Ready => "ready",
        ServiceState.Online => "online",
        ServiceState.Disconnect => "disconnect",
    };

    private static int Precedence(ServiceState state) => state switch
    {
        ServiceState.Idle => 0,
        ServiceState.Failure => 1,
        ServiceState.Disconnect => 2,
        ServiceState.Association => 3,
        ServiceState.Configuration => 4,
        ServiceState.Ready => 5,
        ServiceState.Online => 6,
    };
}
