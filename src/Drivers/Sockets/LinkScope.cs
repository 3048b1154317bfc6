namespace Spindle.Drivers.Sockets;

/// <summary>The link that a socket is confined to.</summary>
/// <param name="InterfaceName">Its name; empty: no link in particular, the routes decide.</param>
/// <param name="InterfaceIndex">Its number, which is the scope of link-local addresses.</param>
public readonly record struct LinkScope(string InterfaceName, int InterfaceIndex);
