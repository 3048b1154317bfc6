using System;
using System.Collections.Generic;

namespace Spindle.Model;

/// <summary>The one order of services: the first connected one has the default route.</summary>
internal static class ServiceOrder
{
    private static readonly string[] TypeOrder = ["ethernet", "wifi", "cellular", "bluetooth", "vpn", "gadget"];

    /// <summary>Sorts, leaving equals where they are.</summary>
    /// <returns>True if anything moved.</returns>
    public static bool Sort(List<Service> services, ModelConfiguration rules)
    {
        bool moved = false;
        for (int i = 1; i < services.Count; i++)
        {
            Service service = services[i];
            int at = i;
            while (at > 0 && Compare(service, services[at - 1], rules) < 0)
            {
                services[at] = services[at - 1];
                at--;
            }

            services[at] = service;
            moved |= at != i;
        }

        return moved;
    }

    private static int Compare(Service left, Service right, ModelConfiguration rules)
    {
        bool isLeft = left.State.IsConnected(), isRight = right.State.IsConnected();
        if (isLeft && isRight)
        {
            int failed = HasFailedCheck(left).CompareTo(HasFailedCheck(right));
            int preferred = failed != 0 ? failed : Preference(left, rules).CompareTo(Preference(right, rules));
            if (preferred != 0)
            {
                return preferred;
            }
        }

        int byState = Rank(left.State).CompareTo(Rank(right.State));
        if (byState != 0)
        {
            return byState;
        }

        int byFavorite = right.Configuration.Favorite.CompareTo(left.Configuration.Favorite);
        if (byFavorite != 0)
        {
            return byFavorite;
        }

        int byType = TypeRank(left, rules).CompareTo(TypeRank(right, rules));
        return byType != 0 ? byType : string.CompareOrdinal(left.Name, right.Name);
    }

    private static bool HasFailedCheck(Service service) => service.Error == ServiceErrors.OnlineCheckFailed;

    private static int Preference(Service service, ModelConfiguration rules)
    {
        int at = rules.Preferred.IndexOf(service.Type);
        return at < 0 ? int.MaxValue : at;
    }

    private static int TypeRank(Service service, ModelConfiguration rules)
    {
        int preferred = Preference(service, rules);
        return preferred != int.MaxValue ? preferred - rules.Preferred.Length : Array.IndexOf(TypeOrder, service.Type);
    }

    private static int Rank(ServiceState state) => state switch
    {
        ServiceState.Online => 0,
        ServiceState.Ready => 1,
        ServiceState.Configuration or ServiceState.Association => 2,
        ServiceState.Idle or ServiceState.Failure or ServiceState.Disconnect => 3,
    };
}

/// <summary>ConnMan's words for what went wrong with a service.</summary>
public static class ServiceErrors
{
    /// <summary>No address in time.</summary>
    public const string ConnectFailed = "connect-failed";

    /// <summary>The online check failed too often in a row.</summary>
    public const string OnlineCheckFailed = "online-check-failed";
}
