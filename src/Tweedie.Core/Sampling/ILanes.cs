namespace Tweedie.Sampling;

/// <summary>
/// Some 64-bit lanes that a processor computes with at once. Each lane holds a word or the float64 with the same bits. All operations are exact or
/// rounded once as IEEE 754 says, lane by lane, so the number of lanes does not change a result.
/// </summary>
internal interface ILanes<T> where T : struct, ILanes<T>
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Which block each lane gets, such that <see cref="Store(T, T, ref double)"/> puts the blocks' numbers in order.</summary>
    static abstract T Order { get; }

    /// <summary>The same word in each lane.</summary>
    static abstract T Words(ulong word);

    /// <summary>The same number in each lane.</summary>
    static abstract T Numbers(double number);

    /// <summary>The sum of numbers.</summary>
    static abstract T operator +(T left, T right);

    /// <summary>The difference of numbers.</summary>
    static abstract T operator -(T left, T right);

    /// <summary>The product of numbers.</summary>
    static abstract T operator *(T left, T right);

    /// <summary>The quotient of numbers.</summary>
    static abstract T operator /(T left, T right);

    /// <summary>The square root of numbers.</summary>
    static abstract T Sqrt(T numbers);

    /// <summary>The bits that both have.</summary>
    static abstract T operator &(T left, T right);

    /// <summary>The bits that either has.</summary>
    static abstract T operator |(T left, T right);

    /// <summary>The bits that one has.</summary>
    static abstract T operator ^(T left, T right);

    /// <summary>Words moved up.</summary>
    static abstract T operator <<(T words, int bits);

    /// <summary>Words moved down.</summary>
    static abstract T operator >>>(T words, int bits);

    /// <summary>The sum of words, modulo 2^64.</summary>
    static abstract T AddWords(T left, T right);

    /// <summary>The full products of the lower halves of words.</summary>
    static abstract T MultiplyLower(T left, T right);

    /// <summary>One number where the word is zero, else the other.</summary>
    static abstract T WhereZero(T words, T zero, T other);

    /// <summary>Writes the first and the second number of each block, the blocks one after the other.</summary>
    static abstract void Store(T first, T second, ref double destination);

    /// <summary>The same, rounded to float32.</summary>
    static abstract void Store(T first, T second, ref float destination);
}
