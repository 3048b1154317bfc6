namespace Spindle.Protocols.Dhcp.V4;

/// <summary>Where the client stands (RFC 2131, section 4.4, figure 5); two more are ours.</summary>
public enum DhcpClientState
{
    /// <summary>Nothing is wanted. Not in the RFC's figure.</summary>
    Stopped,

    /// <summary>INIT: about to look for servers, at once or after a pause.</summary>
    Init,

    /// <summary>SELECTING: DISCOVER is out, offers are awaited.</summary>
    Selecting,

    /// <summary>REQUESTING: an offer was taken, its acknowledgement is awaited.</summary>
    Requesting,

    /// <summary>INIT-REBOOT: about to ask for a remembered address, when there is a carrier.</summary>
    InitReboot,

    /// <summary>REBOOTING: a remembered address was asked for.</summary>
    Rebooting,

    /// <summary>The address was acknowledged and is looked for on the link before it is used
    /// (RFC 2131, section 3.1, step 5; RFC 5227). Not in the RFC's figure.</summary>
    Probing,

    /// <summary>BOUND: the lease holds, nothing is sent.</summary>
    Bound,

    /// <summary>RENEWING: T1 is past, the server is asked by unicast.</summary>
    Renewing,

    /// <summary>REBINDING: T2 is past, any server is asked by broadcast.</summary>
    Rebinding,
}
