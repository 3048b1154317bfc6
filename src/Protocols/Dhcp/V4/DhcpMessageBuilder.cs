using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>Makes the client's messages (RFC 2131, section 4.4.1, table 5).</summary>
internal sealed class DhcpMessageBuilder
{
    /// <summary>Octets of text that fit into one message with the rest: longer host names are not sent.</summary>
    private const int TextMax = 255;

    private const int IdentifierMax = 255;

    /// <summary>What we ask for; 121 comes before 3 (RFC 3442 says SHOULD).</summary>
    private static ReadOnlySpan<byte> Parameters =>
    [
        (byte)DhcpOptionCode.SubnetMask, (byte)DhcpOptionCode.ClasslessStaticRoute, (byte)DhcpOptionCode.Router,
        (byte)DhcpOptionCode.DomainNameServer, (byte)DhcpOptionCode.HostName, (byte)DhcpOptionCode.DomainName,
        (byte)DhcpOptionCode.InterfaceMtu, (byte)DhcpOptionCode.BroadcastAddress, (byte)DhcpOptionCode.NtpServers,
        (byte)DhcpOptionCode.LeaseTime, (byte)DhcpOptionCode.RenewalTime, (byte)DhcpOptionCode.RebindingTime,
        (byte)DhcpOptionCode.CaptivePortal, (byte)DhcpOptionCode.DomainSearch,
        (byte)DhcpOptionCode.ProxyAutoConfiguration,
    ];

    private readonly DhcpClientConfiguration configuration;
    private readonly byte[] clientIdentifier;

    public DhcpMessageBuilder(DhcpClientConfiguration configuration)
    {
        this.configuration = configuration;
        if (configuration.ClientIdentifier.Length > IdentifierMax)
        {
            throw new ArgumentException($"A client identifier has at most {IdentifierMax} octets.", nameof(configuration));
        }

        clientIdentifier = configuration.ClientIdentifier.ToArray();
        if (clientIdentifier.Length == 0)
        {
            clientIdentifier = new byte[1 + MacAddress.Size];
            clientIdentifier[0] = 1;
            configuration.HardwareAddress.Write(clientIdentifier.AsSpan(1));
        }
    }

    /// <summary>What the server knows us by.</summary>
    public ReadOnlySpan<byte> ClientIdentifier => clientIdentifier;

    /// <summary>Identifies the exchange: transaction, seconds and whether replies are to be broadcast.</summary>
    public readonly record struct Exchange(uint TransactionId, ushort Seconds, bool IsBroadcastWanted);

    public DhcpMessage Discover(Exchange exchange, IpAddress wished)
    {
        DhcpOptionList options = Begin(DhcpMessageType.Discover);
        AddAddress(options, DhcpOptionCode.RequestedAddress, wished);
        if (configuration.RapidCommit)
        {
            options.Add(DhcpOptionCode.RapidCommit, []);
        }

        AddCommon(options);
        return Make(exchange, default, options);
    }

    /// <summary>A request that names the address, and the server if an offer of its is taken.</summary>
    public DhcpMessage RequestNamed(Exchange exchange, IpAddress wished, IpAddress server)
    {
        DhcpOptionList options = Begin(DhcpMessageType.Request);
        AddAddress(options, DhcpOptionCode.RequestedAddress, wished);
        AddAddress(options, DhcpOptionCode.ServerIdentifier, server);
        AddCommon(options);
        return Make(exchange, default, options);
    }

    /// <summary>A request to go on with the address that we have.</summary>
    public DhcpMessage RequestExtension(Exchange exchange, IpAddress ours)
    {
        DhcpOptionList options = Begin(DhcpMessageType.Request);
        AddCommon(options);
        return Make(exchange, ours, options);
    }

    public DhcpMessage Decline(Exchange exchange, IpAddress address, IpAddress server)
    {
        DhcpOptionList options = Begin(DhcpMessageType.Decline);
        AddAddress(options, DhcpOptionCode.RequestedAddress, address);
        AddAddress(options, DhcpOptionCode.ServerIdentifier, server);
        return Make(exchange, default, options);
    }

    public DhcpMessage Release(Exchange exchange, IpAddress ours, IpAddress server)
    {
        DhcpOptionList options = Begin(DhcpMessageType.Release);
        AddAddress(options, DhcpOptionCode.ServerIdentifier, server);
        return Make(exchange, ours, options);
    }

    private DhcpOptionList Begin(DhcpMessageType type) => new DhcpOptionList()
        .Add(DhcpOptionCode.MessageType, (byte)type)
        .Add(DhcpOptionCode.ClientIdentifier, clientIdentifier);

    private void AddCommon(DhcpOptionList options)
    {
        options.AddUInt16(DhcpOptionCode.MaximumMessageSize, configuration.MaximumMessageSize);
        AddText(options, DhcpOptionCode.VendorClassIdentifier, configuration.VendorClass);
        AddText(options, DhcpOptionCode.HostName, configuration.HostName);
        options.Add(DhcpOptionCode.ParameterRequestList, Parameters);
    }

    private static void AddText(DhcpOptionList options, DhcpOptionCode code, string? text)
    {
        if (text is { Length: > 0 and <= TextMax })
        {
            options.AddText(code, text);
        }
    }

    private static void AddAddress(DhcpOptionList options, DhcpOptionCode code, IpAddress address)
    {
        if (!address.IsUnspecified)
        {
            options.Add(code, address);
        }
    }

    private DhcpMessage Make(Exchange exchange, IpAddress clientAddress, DhcpOptionList options) => new()
    {
        TransactionId = exchange.TransactionId,
        Seconds = exchange.Seconds,
        IsBroadcastWanted = exchange.IsBroadcastWanted,
        ClientAddress = clientAddress,
        ClientHardwareAddress = configuration.HardwareAddress,
        Options = options,
    };
}
