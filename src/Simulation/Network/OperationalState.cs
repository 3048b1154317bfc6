namespace Spindle.Simulation.Network;

/// <summary>RFC 2863's ifOperStatus as <c>IF_OPER_*</c> numbers it.</summary>
internal enum OperationalState : byte
{
    /// <summary>The driver has not said anything; taken for up.</summary>
    Unknown = 0,

    NotPresent = 1,

    /// <summary>Without carrier.</summary>
    Down = 2,

    /// <summary>Without carrier because of the link below it, or of its other end.</summary>
    LowerLayerDown = 3,

    Testing = 4,

    Dormant = 5,

    Up = 6,
}
