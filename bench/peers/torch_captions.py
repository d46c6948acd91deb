"""Guided caption sampling of the paper in plain PyTorch: the peer of `Tweedie.Bench -- captions`, with the same sizes and the same loop.

Usage: torch_captions.py STEPS ITEMS CLASSES WIDTH DEPTH HEADS TOKENS CONDITION_TOKENS CONDITION_WIDTH
Prints milliseconds of processor time for the steps, after one step to warm up. Needs python3-torch (written for Debian 12's 1.13).
"""
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

STEPS, ITEMS, CLASSES, WIDTH, DEPTH, HEADS, TOKENS, CONDITION_TOKENS, CONDITION_WIDTH = map(int, sys.argv[1:])
SCALE = 2
TIMESTEPS = 1000


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, x):
        batch, length, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(batch, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        weights = ((q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1)).softmax(-1)
        x = x + self.proj((weights @ v).transpose(1, 2).flatten(2))
        return x + self.mlp(self.norm2(x))


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(CLASSES, WIDTH, bias=False)
        self.condition = nn.Linear(CONDITION_WIDTH, WIDTH)
        self.time = nn.Sequential(nn.Linear(256, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH))
        self.positions = nn.Parameter(torch.randn(1, TOKENS, WIDTH) * 0.02)
        self.none = nn.Parameter(torch.randn(1, 1, CONDITION_WIDTH) * 0.02)
        self.blocks = nn.Sequential(*[Block() for _ in range(DEPTH)])
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, CLASSES)

    def forward(self, noisy, timestep, condition):
        angles = timestep * torch.exp(torch.arange(128) * (-math.log(10_000) / 128))
        tokens = self.embed(noisy) + self.positions + self.time(torch.cat([angles.cos(), angles.sin()]))
        joined = self.blocks(torch.cat([self.condition(condition), tokens], 1))
        return self.head(self.norm(joined[:, condition.shape[1]:]))


def alpha_bar(timestep):
    return math.cos((timestep / TIMESTEPS + 0.008) / 1.008 * math.pi / 2) ** 2


@torch.no_grad()
def sample(network, condition, steps):
    none = network.none.expand_as(condition)
    state = torch.randn(ITEMS, TOKENS, CLASSES)
    plan = [round((TIMESTEPS - 1) * (steps - 1 - i) / max(1, steps - 1)) for i in range(steps)]
    for index, timestep in enumerate(plan):
        unconditional = network(state, timestep, none)
        logits = unconditional + SCALE * (network(state, timestep, condition) - unconditional)
        clean = F.one_hot(logits.argmax(-1), CLASSES).float()
        if index + 1 < steps:
            signal = alpha_bar(plan[index + 1])
            state = math.sqrt(signal) * clean + math.sqrt(1 - signal) * torch.randn_like(clean)


torch.set_num_threads(1)
torch.manual_seed(1)
network = Denoiser().eval()
condition = torch.randn(ITEMS, CONDITION_TOKENS, CONDITION_WIDTH)
sample(network, condition, 1)
start = time.process_time()
sample(network, condition, STEPS)
print(f"{(time.process_time() - start) * 1000:.2f}")
