"""The ImageNet training transforms with Pillow and NumPy, one process, one thread: the peer of `Tweedie.Bench -- transforms`.

Usage: pillow_transforms.py FOLDER REPEATS all|decode; prints images per second of processor time. Needs python3-pil and python3-numpy.
The operations and their strengths are those of timm's `rand-m9-mstd0.5-inc1` and random erasing (0.25, one block of pixels).
"""
import glob
import math
import random
import sys
import time

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

SIZE = 224
FILL = (124, 116, 104)
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)


def affine(image, *matrix):
    return image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC, fillcolor=FILL)


def sign(value):
    return value if random.random() < 0.5 else -value


def factor(level):
    return max(0.1, 1 + sign(level * 0.9))


def solarize_add(image, level):
    add = min(128, int(level * 110))
    return image.point([min(255, i + add) if i < 128 else i for i in range(256)] * 3)


OPERATIONS = [
    lambda image, level: ImageOps.autocontrast(image),
    lambda image, level: ImageOps.equalize(image),
    lambda image, level: ImageOps.invert(image),
    lambda image, level: image.rotate(sign(level * 30), Image.Resampling.BICUBIC, fillcolor=FILL),
    lambda image, level: ImageOps.posterize(image, max(1, 4 - int(level * 4))),
    lambda image, level: ImageOps.solarize(image, 256 - min(256, int(level * 256))),
    solarize_add,
    lambda image, level: ImageEnhance.Color(image).enhance(factor(level)),
    lambda image, level: ImageEnhance.Contrast(image).enhance(factor(level)),
    lambda image, level: ImageEnhance.Brightness(image).enhance(factor(level)),
    lambda image, level: ImageEnhance.Sharpness(image).enhance(factor(level)),
    lambda image, level: affine(image, 1, sign(level * 0.3), 0, 0, 1, 0),
    lambda image, level: affine(image, 1, 0, 0, sign(level * 0.3), 1, 0),
    lambda image, level: affine(image, 1, 0, sign(level * 0.45) * image.size[0], 0, 1, 0),
    lambda image, level: affine(image, 1, 0, 0, 0, 1, sign(level * 0.45) * image.size[1]),
]


def crop_box(width, height):
    for _ in range(10):
        area = random.uniform(0.08, 1) * width * height
        ratio = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
        w, h = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < w <= width and 0 < h <= height:
            left, top = random.randint(0, width - w), random.randint(0, height - h)
            return left, top, left + w, top + h
    side = min(width, height)
    return (width - side) // 2, (height - side) // 2, (width + side) // 2, (height + side) // 2


def erase(values):
    if random.random() >= 0.25:
        return
    for _ in range(10):
        area = random.uniform(0.02, 1 / 3) * SIZE * SIZE
        aspect = math.exp(random.uniform(math.log(0.3), -math.log(0.3)))
        h, w = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if w < SIZE and h < SIZE:
            top, left = random.randint(0, SIZE - h), random.randint(0, SIZE - w)
            values[:, top:top + h, left:left + w] = np.random.standard_normal((3, h, w))
            return


def sample(path):
    image = Image.open(path).convert("RGB")
    image = image.crop(crop_box(*image.size)).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    if random.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for operation in random.choices(OPERATIONS, k=2):
        if random.random() < 0.5:
            image = operation(image, min(1, max(0, random.gauss(9, 0.5) / 10)))
    values = ((np.asarray(image, np.float32) / 255 - MEAN) / STD).transpose(2, 0, 1)
    values = np.ascontiguousarray(values)
    erase(values)
    return values


def main(folder, repeats, work):
    paths = sorted(glob.glob(folder + "/**/*.jpg", recursive=True))
    batch = np.empty((len(paths), 3, SIZE, SIZE), np.float32)

    def read_all():
        for i, path in enumerate(paths):
            if work == "decode":
                Image.open(path).convert("RGB")
            else:
                batch[i] = sample(path)

    read_all()
    start = time.process_time()
    for _ in range(repeats):
        read_all()
    print(repeats * len(paths) / (time.process_time() - start))


main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
