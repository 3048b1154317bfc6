using Spindle.Kernels.Linux;

namespace Spindle.Kernels.Raw;

/// <summary>Namespaces of the calling thread (<c>man 2 unshare</c>): for checks that must not touch the machine's network.</summary>
public static class RawNamespaces
{
    private const int CloneNewNetwork = 0x4000_0000;

    /// <summary>Gives the calling thread, and threads and processes that it starts, an empty network of its own, which ends with
    /// the last of them. EPERM without CAP_SYS_ADMIN.</summary>
    public static Result LeaveNetwork() => SystemCall.Invoke(SystemCallNumber.IsArm64 ? 97 : 272, CloneNewNetwork);
}
