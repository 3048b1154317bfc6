namespace Spindle.Protocols.Arp;

/// <summary>Where an <see cref="AddressConflictDetector"/> stands; RFC 5227 has no names for it.</summary>
public enum AddressConflictState
{
    /// <summary>No address is watched.</summary>
    Idle,

    /// <summary>About to probe: the random delay, or the rate limit after many conflicts (section 2.1.1).</summary>
    Waiting,

    /// <summary>Probes are going out (section 2.1.1).</summary>
    Probing,

    /// <summary>The address is ours and being announced (section 2.3).</summary>
    Announcing,

    /// <summary>The address is ours and watched (section 2.4).</summary>
    Watching,
}

/// <summary>What to do about somebody who claims our address (RFC 5227, section 2.4).</summary>
public enum AddressDefence
{
    /// <summary>(a) Give it up at once.</summary>
    GiveUp,

    /// <summary>(b) Announce it once; give it up if they claim it again within the defend interval.</summary>
    DefendOnce,

    /// <summary>(c) Never give it up; announce it at most once per interval. For servers and routers.</summary>
    DefendAlways,
}
