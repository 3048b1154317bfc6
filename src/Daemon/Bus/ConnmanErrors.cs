using Spindle.DBus;
using Spindle.Model;

namespace Spindle.Daemon.Bus;

/// <summary>Errors with ConnMan's names and texts.</summary>
internal static class ConnmanErrors
{
    private const string Prefix = "net.connman.Error.";

    public static void InvalidArguments(this BusCall call) => call.Error(Prefix + "InvalidArguments", "Invalid arguments");

    public static void InvalidProperty(this BusCall call) => call.Error(Prefix + "InvalidProperty", "Invalid property");

    public static void InvalidService(this BusCall call) => call.Error(Prefix + "InvalidService", "Invalid service");

    public static void NotSupported(this BusCall call) => call.Error(Prefix + "NotSupported", "Not supported");

    public static void NotFound(this BusCall call) => call.Error(Prefix + "NotFound", "Not found");

    public static void NotRegistered(this BusCall call) => call.Error(Prefix + "NotRegistered", "Not registered");

    public static void AlreadyExists(this BusCall call) => call.Error(Prefix + "AlreadyExists", "Already exists");

    public static void PermissionDenied(this BusCall call) => call.Error(Prefix + "PermissionDenied", "Permission denied");

    /// <summary>Answers as the model decided.</summary>
    public static void Finish(this BusCall call, ModelError error)
    {
        if (error == ModelError.None)
        {
            call.Reply();
            return;
        }

        (string name, string text) = Of(error);
        call.Error(Prefix + name, text);
    }

    /// <summary>The error in words.</summary>
    public static string TextOf(ModelError error) => Of(error).Text;

    private static (string Name, string Text) Of(ModelError error) => error switch
    {
        ModelError.None => throw new System.ArgumentException("Not an error.", nameof(error)),
        ModelError.NotFound => ("NotFound", "Not found"),
        ModelError.AlreadyConnected => ("AlreadyConnected", "Already connected"),
        ModelError.NotConnected => ("NotConnected", "Not connected"),
        ModelError.InProgress => ("InProgress", "In progress"),
        ModelError.NoCarrier => ("NoCarrier", "No carrier"),
        ModelError.NotSupported => ("NotSupported", "Not supported"),
        ModelError.OperationAborted => ("OperationAborted", "Operation aborted"),
        ModelError.OperationTimeout => ("OperationTimeout", "Operation timeout"),
        ModelError.InvalidService => ("InvalidService", "Invalid service"),
        ModelError.AlreadyEnabled => ("AlreadyEnabled", "Already enabled"),
        ModelError.AlreadyDisabled => ("AlreadyDisabled", "Already disabled"),
        ModelError.Failed => ("Failed", "Input/output error"),
        ModelError.InvalidArguments => ("InvalidArguments", "Invalid arguments"),
    };
}
