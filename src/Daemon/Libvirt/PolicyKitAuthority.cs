using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.DBus;
using Spindle.Kernels;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Daemon.Libvirt;

/// <summary>Asks PolicyKit over the bus whether a process may do something.</summary>
/// <remarks>
/// Whoever cannot be asked about is refused: without a bus, without polkitd, beyond <see cref="QuestionsMax"/> questions at
/// once, and when no answer comes by <see cref="AnswerDuration"/>. A process is named by its number, when it started and whose
/// it is, so that another one that got its number meanwhile is not let in in its place.
/// </remarks>
/// <param name="connection">The daemon's place on the bus.</param>
/// <param name="kernel">Where the start of a process is read.</param>
internal sealed class PolicyKitAuthority(BusConnection connection, Kernel kernel)
{
    /// <summary>Questions at once at most.</summary>
    public const int QuestionsMax = 64;

    /// <summary>How long a person may take over a password.</summary>
    public static readonly TimeSpan AnswerDuration = TimeSpan.FromSeconds(120);

    private const string Service = "org.freedesktop.PolicyKit1";
    private const string Path = "/org/freedesktop/PolicyKit1/Authority";
    private const string Authority = "org.freedesktop.PolicyKit1.Authority";
    private const uint AllowUserInteraction = 1;

    private readonly BusConnection connection = connection;
    private readonly HashSet<Question> questions = [];
    private long lastId;

    /// <summary>Questions without an answer.</summary>
    public int PendingCount => questions.Count;

    /// <summary>Asks; the answer comes later, on the loop, unless the question was dropped before.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="userId">Its user.</param>
    /// <param name="action">What it wants: <c>org.libvirt.unix.manage</c>.</param>
    /// <param name="answer">Is told whether it may: null, or why not, as the client is to hear it.</param>
    /// <param name="refusal">Why it was refused at once.</param>
    /// <returns>The question; null if it was refused at once, and then nobody is told.</returns>
    public Question? Ask(int processId, uint userId, string action, Action<RpcError?> answer, out string? refusal)
    {
        ulong? startedAt = ProcessStart.Read(kernel, processId);
        refusal = startedAt is null ? "its process is gone"
            : questions.Count >= QuestionsMax ? "too many questions to PolicyKit are open"
            : !connection.IsConnected ? "PolicyKit cannot be asked without the bus"
            : null;
        if (refusal is not null)
        {
            return null;
        }

        Question question = new(this, answer);
        BusRequest request = new(Service, Path, Authority, "CheckAuthorization")
        {
            Signature = "(sa{sv})sa{ss}us",
            StartsService = true,
            Timeout = AnswerDuration,
            Arguments = writer => Write(writer, (uint)processId, startedAt!.Value, userId, action, question.Id),
        };
        questions.Add(question);
        question.Pending = connection.Call(request, reply => question.End(Read(reply, action)));
        return question;
    }

    private static void Write(BusWriter writer, uint processId, ulong startedAt, uint userId, string action, string id)
    {
        writer.OpenStruct();
        writer.WriteString("unix-process");
        writer.OpenArray();
        WriteEntry(writer, "pid"u8, "u"u8, processId, static (w, v) => w.WriteUInt32((uint)v));
        WriteEntry(writer, "start-time"u8, "t"u8, startedAt, static (w, v) => w.WriteUInt64(v));
        WriteEntry(writer, "uid"u8, "i"u8, userId, static (w, v) => w.WriteInt32((int)(uint)v));
        writer.CloseArray();
        writer.CloseStruct();
        writer.WriteString(action);
        writer.OpenArray();
        writer.CloseArray();
        writer.WriteUInt32(AllowUserInteraction);
        writer.WriteString(id);
    }

    private static void WriteEntry(
        BusWriter writer, ReadOnlySpan<byte> key, ReadOnlySpan<byte> signature, ulong value, Action<BusWriter, ulong> write)
    {
        writer.OpenEntry();
        writer.WriteString(key);
        writer.OpenVariant(signature);
        write(writer, value);
        writer.CloseVariant();
        writer.CloseEntry();
    }

    /// <summary><c>(bba{ss})</c>: allowed, might be after a challenge, details.</summary>
    private static RpcError? Read(BusReply reply, string action)
    {
        if (reply.IsError)
        {
            return RpcError.BusService($"{reply.ErrorName}: {reply.ErrorMessage}");
        }

        if (reply.Values is not [BusValue { Signature: "(bba{ss})" } result] || !result.Items[0].TryGetBoolean(out bool isAllowed)
            || !result.Items[1].TryGetBoolean(out bool wantsChallenge))
        {
            return RpcError.AuthenticationFailed;
        }

        return isAllowed ? null
            : IsDismissed(result.Items[2]) ? RpcError.AuthenticationCancelled
            : wantsChallenge ? RpcError.NoPolicyKitAgent(action)
            : RpcError.DeniedByPolicy;
    }

    private static bool IsDismissed(BusValue details)
    {
        foreach (BusValue entry in details.Items)
        {
            if (entry.Items[0].TryGetString(out string? key) && key == "polkit.dismissed" && entry.Items[1].TryGetString(out string? value) && value.Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A question that has no answer yet.</summary>
    internal sealed class Question
    {
        private readonly PolicyKitAuthority owner;
        private readonly Action<RpcError?> answer;

        internal Question(PolicyKitAuthority owner, Action<RpcError?> answer)
        {
            this.owner = owner;
            this.answer = answer;
            Id = string.Create(CultureInfo.InvariantCulture, $"spindled-{++owner.lastId}");
        }

        internal string Id { get; }

        internal BusPendingCall? Pending { get; set; }

        /// <summary>Nobody waits for the answer any more: a dialogue that is open is closed, and nobody is told.</summary>
        public void Drop()
        {
            if (owner.questions.Remove(this))
            {
                Pending?.Cancel();
                owner.connection.Tell(new BusRequest(Service, Path, Authority, "CancelCheckAuthorization")
                {
                    Signature = "s",
                    Arguments = writer => writer.WriteString(Id),
                });
            }
        }

        internal void End(RpcError? refusal)
        {
            if (owner.questions.Remove(this))
            {
                answer(refusal);
            }
        }
    }
}
