namespace Spindle.LibvirtDoor;

/// <summary>Who is at the other end of a unix socket, as the kernel says (<c>SO_PEERCRED</c>): it was so when it connected.</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="UserId">Its user.</param>
/// <param name="GroupId">Its group.</param>
public sealed record RpcIdentity(int ProcessId, uint UserId, uint GroupId);
