using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Coordination;

/// <summary>One request to every domain, and who has answered it.</summary>
internal sealed class DomainRequests
{
    private Message[] _requests = [];
    private bool[] _isAnswered = [];
    private RetryClock _retry;

    /// <summary>Asks every domain; answers to earlier requests are not waited for any more.</summary>
    public void Ask(int domainCount, Func<int, Message> request, ICollection<Envelope> effects)
    {
        _requests = new Message[domainCount];
        _isAnswered = new bool[domainCount];
        _retry.Progress();
        for (int domain = 0; domain < domainCount; domain++)
        {
            _requests[domain] = request(domain);
            effects.Add(new Envelope(ActorAddress.Domain(domain), _requests[domain]));
        }
    }

    /// <summary>Marks a domain's answer; whether all have answered.</summary>
    public bool Answer(int domain)
    {
        if (!_isAnswered[domain])
        {
            _retry.Progress();
            _isAnswered[domain] = true;
        }

        return Array.TrueForAll(_isAnswered, answered => answered);
    }

    /// <summary>Whether nobody has answered since the last reminder.</summary>
    public bool IsDue() => _retry.IsDue();

    /// <summary>Sends the requests once more.</summary>
    /// <param name="toAll">Also to domains that have answered.</param>
    /// <param name="effects">Gets the messages.</param>
    public void AskAgain(bool toAll, ICollection<Envelope> effects)
    {
        for (int domain = 0; domain < _requests.Length; domain++)
        {
            if (toAll || !_isAnswered[domain])
            {
                effects.Add(new Envelope(ActorAddress.Domain(domain), _requests[domain]));
            }
        }
    }
}
