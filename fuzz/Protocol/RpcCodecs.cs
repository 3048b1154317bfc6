using System;
using System.Collections.Generic;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Admin;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Fuzz.Protocol;

/// <summary>Which of our codecs reads and writes which type of libvirt's definitions.</summary>
internal static class RpcCodecs
{
    /// <summary>Codecs by the type's name in the definitions.</summary>
    public static IReadOnlyDictionary<string, RpcCodec> All { get; } = Collect();

    private static Dictionary<string, RpcCodec> Collect()
    {
        Dictionary<string, RpcCodec> all = new()
        {
            ["virNetMessageHeader"] = RpcCodec.Header,
            ["virNetMessageError"] = RpcCodec.Error,
            ["remote_error"] = RpcCodec.Error,
            ["remote_nonnull_interface"] = RpcCodec.Of<InterfaceReference>(),
            ["remote_nonnull_node_device"] = RpcCodec.Of<TextValue>(),
            ["remote_typed_param"] = RpcCodec.Of<TypedParameter>(),
            ["admin_typed_param"] = RpcCodec.Of<TypedParameter>(),
            ["admin_nonnull_server"] = RpcCodec.Of<TextValue>(),
            ["admin_nonnull_client"] = RpcCodec.Of<AdminClient>(),
        };
        AddConnect(new(all, "remote_"));
        AddInterfaces(new(all, "remote_"));
        AddNodeDevices(new(all, "remote_"));
        AddAdmin(new(all, "admin_"));
        return all;
    }

    private static void AddConnect(Adder remote)
    {
        remote.Add<OptionalTextFlagsValue, EmptyValue>("connect_open");
        remote.Add<NumberValue, NumberValue>("connect_supports_feature");
        remote.Add<EmptyValue, TextValue>("connect_get_type", "connect_get_hostname", "connect_get_uri", "connect_get_capabilities");
        remote.Add<EmptyValue, VersionValue>("connect_get_version", "connect_get_lib_version");
        remote.Add<OptionalTextValue, NumberValue>("connect_get_max_vcpus");
        remote.Add<EmptyValue, NodeInfo>("node_get_info");
        remote.Add<EmptyValue, NumberValue>("connect_is_secure", "auth_polkit");
        remote.Add<EmptyValue, AuthListResult>("auth_list");
        remote.Add<EmptyValue, TextValue>("auth_sasl_init");
        remote.Add<SaslStartArguments, SaslResult>("auth_sasl_start");
        remote.Add<SaslStepArguments, SaslResult>("auth_sasl_step");
        remote.AddEvent<NumberValue>("connect_event_connection_closed");
    }

    private static void AddInterfaces(Adder remote)
    {
        remote.Add<EmptyValue, NumberValue>("connect_num_of_interfaces", "connect_num_of_defined_interfaces");
        remote.Add<NumberValue, InterfaceNamesResult>("connect_list_interfaces", "connect_list_defined_interfaces");
        remote.Add<TextValue, InterfaceReference>("interface_lookup_by_name", "interface_lookup_by_mac_string");
        remote.Add<InterfaceFlagsArguments, TextValue>("interface_get_xml_desc");
        remote.Add<TextFlagsValue, InterfaceReference>("interface_define_xml");
        remote.Add<InterfaceReference, EmptyValue>("interface_undefine");
        remote.Add<InterfaceFlagsArguments, EmptyValue>("interface_create", "interface_destroy");
        remote.Add<FlagsValue, EmptyValue>("interface_change_begin", "interface_change_commit", "interface_change_rollback");
        remote.Add<InterfaceReference, NumberValue>("interface_is_active");
        remote.Add<ListAllValue, InterfaceListResult>("connect_list_all_interfaces");
    }

    private static void AddNodeDevices(Adder remote)
    {
        remote.Add<OptionalTextFlagsValue, NumberValue>("node_num_of_devices");
        remote.Add<NodeListDevicesArguments, TextListValue>("node_list_devices");
        remote.Add<TextValue, TextValue>("node_device_lookup_by_name");
        remote.Add<TextFlagsValue, TextValue>("node_device_get_xml_desc");
        remote.Add<TextValue, OptionalTextValue>("node_device_get_parent");
        remote.Add<TextValue, NumberValue>(
            "node_device_num_of_caps", "node_device_get_autostart", "node_device_is_persistent", "node_device_is_active");
        remote.Add<NodeDeviceListCapsArguments, TextListValue>("node_device_list_caps");
        remote.Add<ListAllValue, NodeDeviceListResult>("connect_list_all_node_devices");
        remote.Add<NodeDeviceEventRegisterArguments, NumberValue>("connect_node_device_event_register_any");
        remote.Add<NumberValue, EmptyValue>("connect_node_device_event_deregister_any");
        remote.AddEvent<NodeDeviceLifecycleEvent>("node_device_event_lifecycle");
        remote.AddEvent<NodeDeviceUpdateEvent>("node_device_event_update");
    }

    private static void AddAdmin(Adder admin)
    {
        admin.Add<FlagsValue, EmptyValue>("connect_open");
        admin.Add<EmptyValue, VersionValue>("connect_get_lib_version");
        admin.Add<ListAllValue, AdminServerListResult>("connect_list_servers");
        admin.Add<TextFlagsValue, TextValue>("connect_lookup_server");
        admin.Add<TextFlagsValue, AdminServerParametersResult>("server_get_threadpool_parameters", "server_get_client_limits");
        admin.Add<AdminSetParametersArguments, EmptyValue>("server_set_threadpool_parameters", "server_set_client_limits");
        admin.Add<AdminListClientsArguments, AdminClientListResult>("server_list_clients");
        admin.Add<AdminLookupClientArguments, AdminClient>("server_lookup_client");
        admin.Add<AdminClientFlagsArguments, AdminParametersResult>("client_get_info");
        admin.Add<AdminClientFlagsArguments, EmptyValue>("client_close");
        admin.Add<TextFlagsValue, EmptyValue>("server_update_tls_files");
        admin.Add<FlagsValue, AdminLoggingOutputsResult>("connect_get_logging_outputs");
        admin.Add<FlagsValue, AdminLoggingFiltersResult>("connect_get_logging_filters");
        admin.Add<OptionalTextFlagsValue, EmptyValue>("connect_set_logging_outputs", "connect_set_logging_filters");
        admin.Add<AdminDaemonTimeoutArguments, EmptyValue>("connect_set_daemon_timeout");
    }

    /// <summary>Names procedures of one program by the definitions' habit: PROGRAM_PROCEDURE_args, _ret and _msg.</summary>
    private sealed record Adder(Dictionary<string, RpcCodec> All, string Prefix)
    {
        public void Add<TArguments, TResult>(params ReadOnlySpan<string> procedures)
            where TArguments : struct, IXdrValue<TArguments>
            where TResult : struct, IXdrValue<TResult>
        {
            foreach (string procedure in procedures)
            {
                Put<TArguments>($"{procedure}_args");
                Put<TResult>($"{procedure}_ret");
            }
        }

        public void AddEvent<T>(string name)
            where T : struct, IXdrValue<T> => Put<T>($"{name}_msg");

        // Nothing is what the definitions have no type for.
        private void Put<T>(string name)
            where T : struct, IXdrValue<T>
        {
            if (typeof(T) != typeof(EmptyValue))
            {
                All.Add(Prefix + name, RpcCodec.Of<T>());
            }
        }
    }
}
