namespace Spindle.Daemon.Configuration;

/// <summary>How clients of one of the libvirt door's sockets say who they are.</summary>
public enum LibvirtAuthentication
{
    /// <summary><c>none</c>: whoever may open the socket.</summary>
    None,

    /// <summary><c>sasl</c>, which is not here: nobody gets in, and is told so.</summary>
    Sasl,

    /// <summary><c>polkit</c>: root, and whom PolicyKit allows.</summary>
    PolicyKit,
}
