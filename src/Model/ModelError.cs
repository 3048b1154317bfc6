namespace Spindle.Model;

/// <summary>Why a request was refused; each has its name on the bus.</summary>
public enum ModelError
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>No such service.</summary>
    NotFound,

    /// <summary>Already connected.</summary>
    AlreadyConnected,

    /// <summary>Not connected.</summary>
    NotConnected,

    /// <summary>Being connected already.</summary>
    InProgress,

    /// <summary>No cable.</summary>
    NoCarrier,

    /// <summary>Not for this kind of service.</summary>
    NotSupported,

    /// <summary>Ended by another request.</summary>
    OperationAborted,

    /// <summary>Took too long.</summary>
    OperationTimeout,

    /// <summary>The service is not fit for this.</summary>
    InvalidService,

    /// <summary>On already.</summary>
    AlreadyEnabled,

    /// <summary>Off already.</summary>
    AlreadyDisabled,

    /// <summary>Failed.</summary>
    Failed,

    /// <summary>A value that makes no sense.</summary>
    InvalidArguments,
}
