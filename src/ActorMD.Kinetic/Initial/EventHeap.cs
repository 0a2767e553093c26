namespace ActorMD.Kinetic.Initial;

/// <summary>One time for every particle, and which is the first: a heap that knows where each particle stands in it.</summary>
internal sealed class EventHeap
{
    private readonly double[] _times;
    private readonly int[] _heap;
    private readonly int[] _places;

    /// <param name="count">Number of particles; all times are infinite.</param>
    public EventHeap(int count)
    {
        _times = new double[count];
        Array.Fill(_times, double.PositiveInfinity);
        _heap = [.. Enumerable.Range(0, count)];
        _places = [.. Enumerable.Range(0, count)];
    }

    /// <summary>The particle whose time is the smallest.</summary>
    public int First => _heap[0];

    /// <summary>The time of a particle.</summary>
    public double TimeOf(int particle) => _times[particle];

    /// <summary>Gives a particle another time.</summary>
    public void Set(int particle, double time)
    {
        bool isEarlier = time < _times[particle];
        _times[particle] = time;
        if (isEarlier)
        {
            Rise(particle);
        }
        else
        {
            Sink(particle);
        }
    }

    private void Rise(int particle)
    {
        int place = _places[particle];
        while (place > 0 && _times[particle] < _times[_heap[(place - 1) / 2]])
        {
            Put(_heap[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }

        Put(particle, place);
    }

    private void Sink(int particle)
    {
        int place = _places[particle];
        while (true)
        {
            int child = 2 * place + 1;
            if (child + 1 < _heap.Length && _times[_heap[child + 1]] < _times[_heap[child]])
            {
                child++;
            }

            if (child >= _heap.Length || !(_times[_heap[child]] < _times[particle]))
            {
                break;
            }

            Put(_heap[child], place);
            place = child;
        }

        Put(particle, place);
    }

    private void Put(int particle, int place)
    {
        _heap[place] = particle;
        _places[particle] = place;
    }
}
