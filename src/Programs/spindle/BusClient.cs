using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Linq;
using Spindle.DBus;
using Spindle.DBus.Libdbus;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Programs;

/// <summary>Asks the daemon, and turns the loop until it has answered.</summary>
internal sealed class BusClient : IDisposable
{
    public const string Daemon = "net.connman";

    // A person waits no longer for a bus that does not answer.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private const int AnswerCountMax = 10_000_000;

    public BusClient(string address)
    {
        // A command's failure leaves the loop as what it is.
        Loop = new EventLoop(new LinuxKernel())
        {
            UnhandledException = static (_, exception) => ExceptionDispatchInfo.Throw(exception),
        };
        Connection = new BusConnection(Loop, new LibdbusTransport(Loop, address), new ObjectTable(() => MachineId.Read(Loop.Kernel)));
        try
        {
            Connect();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public EventLoop Loop { get; }

    public BusConnection Connection { get; }

    /// <summary>Calls a method of the daemon; an error ends the command.</summary>
    public IReadOnlyList<BusValue> Ask(string path, string face, string member)
    {
        BusReply reply = TryAsk(path, face, member);
        return reply.IsError ? throw Explain(reply) : reply.Values;
    }

    /// <summary>Calls a method of the daemon. Only that there is none ends the command.</summary>
    public BusReply TryAsk(string path, string face, string member, TimeSpan? timeout = null)
    {
        BusRequest request = new(Daemon, path, face, member)
        {
            Timeout = timeout ?? TimeSpan.FromSeconds(25),
            AnswerCountMax = AnswerCountMax,
        };
        BusReply? reply = null;
        Connection.Call(request, got => reply = got);
        while (reply is null)
        {
            Loop.Iterate(mayBlock: true);
        }

        return reply.ErrorName is BusErrors.NameHasNoOwner or BusErrors.ServiceUnknown or BusErrors.Disconnected
            ? throw Explain(reply)
            : reply;
    }

    /// <summary>All services in the daemon's order.</summary>
    public IReadOnlyList<ServiceEntry> Services() =>
        [.. Ask("/", "net.connman.Manager", "GetServices")[0].Items.Select(ServiceEntry.Of).OfType<ServiceEntry>()];

    /// <summary>What to tell a person about an error.</summary>
    public static CommandException Explain(BusReply reply) => reply.ErrorName switch
    {
        BusErrors.NameHasNoOwner or BusErrors.ServiceUnknown => new CommandException(
            ExitCode.NotRunning, "the daemon is not running: nobody owns net.connman on the bus"),
        BusErrors.Disconnected => new CommandException(ExitCode.NotRunning, $"the bus went away: {reply.ErrorMessage}"),
        BusErrors.NoReply => new CommandException(ExitCode.Failed, "the daemon does not answer"),
        _ => new CommandException(ExitCode.Failed, $"{Plain.Of(reply.ErrorMessage.Trim())} ({reply.ErrorName})"),
    };

    public void Dispose()
    {
        Connection.Dispose();
        Loop.Dispose();
    }

    private void Connect()
    {
        bool isLate = false;
        TimerSource end = Loop.AddTimer((_, _) => isLate = true);
        end.ArmAfter(ConnectTimeout);
        Connection.Start();
        while (!Connection.IsConnected)
        {
            Loop.Iterate(mayBlock: true);
            if (isLate || Connection.State == BusConnectionState.Waiting)
            {
                string why = isLate ? "it does not answer" : Connection.LastFailure;
                throw new CommandException(ExitCode.NotRunning, $"cannot reach the system bus: {why}");
            }
        }

        end.Remove();
    }
}
