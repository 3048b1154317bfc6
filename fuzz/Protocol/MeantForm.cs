using System;
using System.Collections.Generic;
using System.Linq;

namespace Spindle.Fuzz.Protocol;

/// <summary>What our codecs are meant to make of a value on the way through: the same, but for the cases here.</summary>
internal static class MeantForm
{
    private const ulong LevelError = 2;

    // A number that is a truth: libvirt's code looks only whether it is zero.
    private static readonly HashSet<string> Truths =
    [
        "remote_connect_list_all_interfaces_args.need_results", "remote_connect_list_all_node_devices_args.need_results",
        "admin_connect_list_servers_args.need_results", "admin_server_list_clients_args.need_results",
        "remote_auth_sasl_start_args.nil", "remote_auth_sasl_step_args.nil",
        "remote_auth_sasl_start_ret.nil", "remote_auth_sasl_step_ret.nil",
        "remote_auth_sasl_start_ret.complete", "remote_auth_sasl_step_ret.complete",
        "remote_typed_param_value.b", "admin_typed_param_value.b",
    ];

    private static readonly HashSet<string> Errors = ["virNetMessageError", "remote_error"];

    /// <summary>The value as it is to come out.</summary>
    public static XdrNode Of(XdrType type, XdrNode node) => (type, node) switch
    {
        (XdrNamed named, _) => Of(named.Target, node),
        (XdrStruct whole, XdrItems fields) => OfStruct(whole, fields),
        (XdrArray array, XdrItems items) => new XdrItems(items.Items.Select(item => Of(array.Item, item)).ToArray()),
        (XdrOptional optional, XdrMaybe { Value: not null } maybe) => new XdrMaybe(Of(optional.Item, maybe.Value)),
        (XdrUnion union, XdrChoice choice) => choice with { Value = OfField(union.Name, union.Arms[choice.Number], choice.Value) },
        (XdrOpaque { IsText: true }, XdrOctets text) => new XdrOctets(UpToZero(text.Value)),
        _ => node,
    };

    private static XdrItems OfStruct(XdrStruct whole, XdrItems fields)
    {
        XdrNode[] meant = whole.Fields.Zip(fields.Items, (field, node) => OfField(whole.Name, field, node)).ToArray();
        for (int i = 1; i < meant.Length; i++)
        {
            // "nil": there is no data, whatever follows.
            if (whole.Fields[i - 1].Name == "nil" && meant[i - 1] is XdrBits { Value: not 0 })
            {
                meant[i] = new XdrItems([]);
            }
        }

        return new(meant);
    }

    private static XdrNode OfField(string whole, XdrField field, XdrNode node) => (field.Name, node) switch
    {
        _ when Truths.Contains($"{whole}.{field.Name}") => new XdrBits(((XdrBits)node).Value == 0 ? 0u : 1u),
        ("level", _) when Errors.Contains(whole) => new XdrBits(LevelError),
        ("dom" or "net", _) when Errors.Contains(whole) => new XdrMaybe(null),
        ("model", XdrItems model) when whole == "remote_node_get_info_ret" => Model(model),
        _ => Of(field.Type, node),
    };

    // A C string ends at its first zero octet.
    private static byte[] UpToZero(byte[] octets)
    {
        int end = Array.IndexOf(octets, (byte)0);
        return end < 0 ? octets : octets[..end];
    }

    // char model[32]: a C string in 32 characters.
    private static XdrItems Model(XdrItems model)
    {
        byte[] name = UpToZero(model.Items.Select(item => (byte)((XdrBits)item).Value).ToArray());
        Array.Resize(ref name, model.Items.Count);
        return new(name.Select(octet => new XdrBits(octet)).ToArray());
    }
}
