namespace Spindle.Kernels;

/// <summary>What errors have in common, whatever call they come from.</summary>
public static class ErrnoKinds
{
    /// <summary>True if the machine or the process is short of something: memory, buffers, descriptors.</summary>
    public static bool IsShortage(this Errno error) => error is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM or Errno.ENOBUFS;

    /// <summary>True if the same call may do another time: a shortage, or something that was in the way for a moment.</summary>
    public static bool IsTransient(this Errno error) => error is Errno.EAGAIN or Errno.EINTR || error.IsShortage();
}
