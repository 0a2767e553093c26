namespace ActorMD.Protocol.Messages;

/// <summary>Whether it is time to send requests again: when nothing has come between two reminders.</summary>
/// <remarks>The cores know no clock; their runtime reminds them at regular intervals.</remarks>
internal struct RetryClock
{
    private bool _hasProgressed;

    /// <summary>Something was sent for the first time, or something new has come.</summary>
    public void Progress() => _hasProgressed = true;

    /// <summary>Begins a new interval; whether there was no progress in the one before.</summary>
    public bool IsDue()
    {
        bool isDue = !_hasProgressed;
        _hasProgressed = false;
        return isDue;
    }
}
