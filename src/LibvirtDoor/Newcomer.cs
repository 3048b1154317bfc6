namespace Spindle.LibvirtDoor;

/// <summary>A connection that was accepted and is nobody's client yet.</summary>
/// <param name="Fd">Its descriptor.</param>
/// <param name="Identity">Who it is; null unless it came by a unix socket.</param>
/// <param name="Address">Where it came from, in words; null by a unix socket.</param>
/// <param name="Origin">Whose it is when strangers are counted: the user, or the network address.</param>
internal readonly record struct Newcomer(int Fd, RpcIdentity? Identity, string? Address, ulong Origin);
