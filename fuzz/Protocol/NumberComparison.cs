using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Admin;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Fuzz.Protocol;

/// <summary>Our numbers against those of libvirt's definitions: procedures, priorities, limits, errors.</summary>
internal sealed class NumberComparison(XdrModule module, List<string> findings)
{
    private static readonly (string Theirs, long Ours)[] Constants =
    [
        ("REMOTE_PROGRAM", RpcPrograms.Remote), ("REMOTE_PROTOCOL_VERSION", RpcPrograms.Version),
        ("ADMIN_PROGRAM", RpcPrograms.Admin), ("ADMIN_PROTOCOL_VERSION", RpcPrograms.Version),
        ("KEEPALIVE_PROGRAM", RpcPrograms.KeepAlive), ("KEEPALIVE_PROTOCOL_VERSION", RpcPrograms.Version),
        ("VIR_NET_MESSAGE_LEN_MAX", RpcFrame.LengthSize), ("VIR_NET_MESSAGE_HEADER_XDR_LEN", RpcFrame.LengthSize),
        ("VIR_NET_MESSAGE_HEADER_MAX", RpcFrame.HeaderSize), ("VIR_NET_MESSAGE_MAX", RpcFrame.MaximumLength - RpcFrame.LengthSize),
        ("VIR_NET_MESSAGE_PAYLOAD_MAX", RpcFrame.MaximumLength - RpcFrame.MinimumLength),
        ("VIR_NET_MESSAGE_STRING_MAX", RpcFrame.StringMaximum), ("VIR_NET_MESSAGE_NUM_FDS_MAX", RpcFrame.DescriptorsMaximum),
        ("REMOTE_STRING_MAX", RpcFrame.StringMaximum), ("ADMIN_STRING_MAX", RpcFrame.StringMaximum),
        ("REMOTE_AUTH_TYPE_LIST_MAX", AuthListResult.Maximum), ("REMOTE_AUTH_SASL_DATA_MAX", SaslStepArguments.DataMaximum),
        ("REMOTE_INTERFACE_LIST_MAX", RpcFrame.ListMaximum), ("REMOTE_NODE_DEVICE_LIST_MAX", TextListValue.Maximum),
        ("REMOTE_NODE_DEVICE_CAPS_LIST_MAX", TextListValue.Maximum),
        ("ADMIN_SERVER_LIST_MAX", RpcFrame.ListMaximum), ("ADMIN_CLIENT_LIST_MAX", RpcFrame.ListMaximum),
        ("ADMIN_SERVER_THREADPOOL_PARAMETERS_MAX", AdminSetParametersArguments.Maximum),
        ("ADMIN_SERVER_CLIENT_LIMITS_MAX", AdminServerParametersResult.Maximum),
        ("ADMIN_CLIENT_INFO_PARAMETERS_MAX", AdminParametersResult.Maximum),
        ("VIR_ERR_ERROR", 2),
    ];

    // Our words for libvirt's, where they are not the same in capitals.
    private static readonly (string Ours, string Theirs)[] Words =
    [
        ("AUTHENTICATION", "AUTH"), ("CONNECTION", "CONN"), ("CONFIGURATION", "CONFIG"), ("ARGUMENT", "ARG"), ("ADMINISTRATION", "ADMIN"),
        ("DESCRIPTORS", "FDS"), ("INT32", "INT"), ("U_INT", "UINT"), ("INT64", "LLONG"), ("U_INT64", "ULLONG"), ("TEXT", "STRING"),
        ("NODE_DEVICE", "NODEDEV"), ("DESCRIPTOR_PASSING", "FD_PASSING"), ("KEEP_ALIVE", "PROGRAM_KEEPALIVE"),
        ("EVENT_CALLBACK", "REMOTE_EVENT_CALLBACK"), ("CLOSE_CALLBACK", "REMOTE_CLOSE_CALLBACK"),
    ];

    /// <summary>Numbers that were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>Priorities that were compared, with those of procedures that we do not know.</summary>
    public int Priorities { get; private set; }

    /// <summary>Compares all.</summary>
    public void Run()
    {
        foreach ((string theirs, long ours) in Constants)
        {
            Compare(theirs, ours);
        }

        CompareNames<RemoteProcedure>("REMOTE_PROC_");
        CompareNames<AdminProcedure>("ADMIN_PROC_");
        CompareNames<RpcMessageType>("VIR_NET_");
        CompareNames<RpcStatus>("VIR_NET_");
        CompareNames<AuthenticationMethod>("REMOTE_AUTH_");
        CompareNames<TypedParameterType>("VIR_TYPED_PARAM_", "U_INT64", "INT64", "U_INT", "INT32", "TEXT");
        CompareNames<RpcErrorCode>("VIR_ERR_", "AUTHENTICATION", "CONNECTION", "CONFIGURATION", "ARGUMENT");
        CompareNames<RpcErrorDomain>("VIR_FROM_", "AUTHENTICATION", "ADMINISTRATION", "NODE_DEVICE");
        CompareNames<RemoteFeature>("VIR_DRV_FEATURE_", "DESCRIPTOR_PASSING", "KEEP_ALIVE", "EVENT_CALLBACK", "CLOSE_CALLBACK");
        CompareNames<NodeDeviceLifecycle>("VIR_NODE_DEVICE_EVENT_");
        CompareWhole<RpcMessageType>("virNetMessageType");
        CompareWhole<RpcStatus>("virNetMessageStatus");
        CompareWhole<AuthenticationMethod>("remote_auth_type");
        ComparePriorities();
        ComparePings();
    }

    /// <summary>The definitions' name of one of ours: CONNECT_GET_LIB_VERSION for ConnectGetLibVersion.</summary>
    public static string InCapitals(string name)
    {
        StringBuilder capitals = new();
        foreach (char character in name)
        {
            capitals.Append(char.IsAsciiLetterUpper(character) && capitals.Length > 0 ? "_" : "").Append(char.ToUpperInvariant(character));
        }

        return capitals.ToString();
    }

    // Each of our names has the number of theirs.
    private void CompareNames<T>(string prefix, params ReadOnlySpan<string> words)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            string name = InCapitals(value.ToString());
            foreach (string word in words)
            {
                name = name.Replace(word, Words.First(pair => pair.Ours == word).Theirs, StringComparison.Ordinal);
            }

            Compare(prefix + name.Replace("WITH_DESCRIPTORS", "WITH_FDS", StringComparison.Ordinal), Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }
    }

    // Each of their numbers is one of ours as well.
    private void CompareWhole<T>(string name)
        where T : struct, Enum
    {
        foreach (XdrEnumerator theirs in module.Enumeration(name).Where(theirs => !Enum.IsDefined(typeof(T), theirs.Value)))
        {
            findings.Add($"{theirs.Name} = {theirs.Value} is missing in {typeof(T).Name}");
        }
    }

    private void Compare(string theirs, long ours)
    {
        Compared++;
        if (!module.Constants.TryGetValue(theirs, out long number))
        {
            findings.Add($"the definitions have no {theirs} (ours is {ours})");
        }
        else if (number != ours)
        {
            findings.Add($"{theirs} is {number}, ours {ours}");
        }
    }

    // A procedure that we do not know is refused, which takes no worker of any kind.
    private void ComparePriorities()
    {
        foreach (XdrEnumerator procedure in module.Enumeration("remote_procedure"))
        {
            Priorities++;
            bool theirs = procedure.Comment.Contains("@priority: high", StringComparison.Ordinal);
            bool ours = RemoteProcedures.IsHighPriority(procedure.Value);
            bool isKnown = Enum.IsDefined((RemoteProcedure)procedure.Value);
            if (ours != (theirs && isKnown))
            {
                findings.Add($"{procedure.Name} is of {(theirs ? "high" : "low")} priority, ours of {(ours ? "high" : "low")}");
            }
        }
    }

    private void ComparePings()
    {
        ComparePing(KeepAlive.Ping, "KEEPALIVE_PROC_PING", KeepAliveMessage.Ping);
        ComparePing(KeepAlive.Pong, "KEEPALIVE_PROC_PONG", KeepAliveMessage.Pong);
    }

    private void ComparePing(ReadOnlySpan<byte> packet, string procedure, KeepAliveMessage meant)
    {
        XdrItems header = new([.. new[] { "KEEPALIVE_PROGRAM", "KEEPALIVE_PROTOCOL_VERSION", procedure, "VIR_NET_MESSAGE" }
            .Select(name => new XdrBits((uint)module.Constants.GetValueOrDefault(name))), new XdrBits(0), new XdrBits(0)]);
        byte[] theirs = [0, 0, 0, 28, .. XdrEncoder.Encode(module.Types["virNetMessageHeader"], header)];
        Compared++;
        if (!packet.SequenceEqual(theirs))
        {
            findings.Add($"{procedure}: ours {Convert.ToHexString(packet)}, theirs {Convert.ToHexString(theirs)}");
        }

        if (!RpcHeader.TryParse(theirs.AsSpan(RpcFrame.LengthSize), out RpcHeader read) || KeepAlive.Classify(read) != meant)
        {
            findings.Add($"{procedure} is not taken for {meant}");
        }
    }
}
