using System.Runtime.InteropServices;

namespace Spindle.Kernels;

/// <summary>Errors in words, for people.</summary>
public static class ErrnoText
{
    /// <summary>As <c>man 3 strerror</c> has it: <c>No such file or directory</c>.</summary>
    public static string Describe(this Errno error) => Marshal.GetPInvokeErrorMessage((int)error);
}
