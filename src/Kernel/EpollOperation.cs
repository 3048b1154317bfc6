namespace Spindle.Kernels;

/// <summary>What epoll_ctl does.</summary>
public enum EpollOperation
{
    /// <summary>Watch a file.</summary>
    Add = 1,

    /// <summary>Stop watching it.</summary>
    Delete = 2,

    /// <summary>Change what is watched for.</summary>
    Modify = 3,
}
